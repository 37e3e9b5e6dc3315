/** Whether the player asked their system for less motion; follows a change of mind. */
export function calmPreference(): () => boolean {
  const query = matchMedia('(prefers-reduced-motion: reduce)');
  let calm = query.matches;
  query.addEventListener('change', () => {
    calm = query.matches;
  });
  return () => calm;
}
