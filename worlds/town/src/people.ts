import type { Random } from '@lifeverse/base';

const given =
  'Ada Aino Albin Alma Anton Arne Astrid Barbro Bela Berta Bruno Carla Casper Clara Dagny Dario Edda Edvin Elin Elise Emil Enzo Ester Felix Filippa Flora Frida Georg Greta Gustav Hanna Hedda Helmi Henri Ida Igor Ilse Inez Ines Iris Isak Ivar Jakob Jonna Josef Judit Karin Kaspar Klara Lars Leo Lina Linnea Lotte Ludo Maja Malva Marta Matilda Mira Moa Nils Nora Olga Oskar Otto Paula Pelle Petra Ravi Rosa Rune Sanna Selma Signe Sofia Stina Svea Sven Tilde Tomas Tove Ulla Vera Viggo Vilma Wanda Ylva Zeno Zita'.split(
    ' ',
  );

const family =
  'Ahlgren Alder Berg Birk Bloom Brook Cask Dahl Dove Ek Falk Fern Finch Flint Fox Garden Glass Gren Hale Hazel Heath Holm Hook Kettle Lake Lind Linden Loom Lund Marsh Mead Miller Moss Nord Oak Orr Page Pike Potter Quill Reed Ridge Rowan Rye Sand Shore Sparrow Stone Storm Strand Swan Tanner Thorn Vale Weaver Wells Winter Wold Wood Wren'.split(
    ' ',
  );

/** Names for so many people, none twice as long as there are enough. */
export function namesFor(count: number, random: Random): string[] {
  const names = new Set<string>();
  const list: string[] = [];
  while (list.length < count) {
    const name = `${random.pick(given)} ${random.pick(family)}`;
    if (names.has(name) && names.size < (given.length * family.length) / 2) continue;
    names.add(name);
    list.push(name);
  }
  return list;
}

export function givenName(name: string): string {
  return name.split(' ')[0] ?? name;
}
