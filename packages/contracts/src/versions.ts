const VERSION = /^(\d{1,5})\.(\d{1,5})\.\d{1,5}/;

/**
 * Whether processes of these two versions of the product may run in one cluster: they understand each other, and what the other
 * keeps. Patches of a version always do, and so does the minor version before it: a cluster is replaced process by process, N beside N-1.
 */
export function worksBeside(one: string, other: string): boolean {
  const [a, b] = [VERSION.exec(one), VERSION.exec(other)];
  if (a === null || b === null) return one === other;
  return a[1] === b[1] && Math.abs(Number(a[2]) - Number(b[2])) <= 1;
}
