export const commandsHelp = `LifeVerse: a living world in one command.

  lifeverse start [options]   opens a world, to be played in a browser
  lifeverse load [options]    sends players into a world, and tells what they saw
  lifeverse --version

Each command lists its options with --help.`;
