/** What one types to have a drill again: where its report lay, and how much it said, is nobody else's matter. */
export function commandLine(name: string, argv: readonly string[]): string {
  const kept = argv.filter((arg, at) => {
    if (arg === '--json' || arg === '--report' || arg.startsWith('--report=')) return false;
    return argv[at - 1] !== '--report';
  });
  return ['lifeverse', 'drill', name, ...kept].join(' ');
}
