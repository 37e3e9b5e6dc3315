export const commandsHelp = `LifeVerse: a living world in one command.

  lifeverse start [options]   opens a world, to be played in a browser
  lifeverse cluster [options] opens a world of several processes, over NATS
  lifeverse backend, lifeverse zone, lifeverse gateway
                              the parts of a world, as processes over NATS
  lifeverse zones [command]   shows and changes which zones a world has, and which server has which
  lifeverse drain SERVER      has a process of a cluster hand over all that it has, while it is played in
  lifeverse replace [options] replaces the processes of a cluster one after the other, while it is played in
  lifeverse load [options]    sends players into a world, and tells what they saw
  lifeverse drill <name>      kills parts of a world of its own under load, and tells what was lost
  lifeverse points [options]  which parts a world has only one of, and what players feel when it is gone
  lifeverse audit verify      finds what was changed in the record of privileged acts
  lifeverse db <command>      which schema a world's database has, and brings it forward
  lifeverse role <command>    gives a player a role among the staff, and takes it away
  lifeverse --version

Each command lists its options with --help.`;
