/** Whether `index` is one of `chosen`, spread evenly over `of` of them; the first always is. */
export function isChosen(index: number, of: number, chosen: number): boolean {
  const share = Math.min(1, chosen / of);
  return Math.floor(index * share) !== Math.floor((index - 1) * share);
}
