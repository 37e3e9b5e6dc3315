import { main } from './main.ts';

/** What the command said, and its exit code. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Asks the command one thing after another, as a process of its own: some of it concerns the whole process. */
async function askAll(all: readonly (readonly string[])[]): Promise<Said[]> {
  const said: Said[] = [];
  for (const argv of all) {
    const lines = { out: '', err: '' };
    console.log = (line: string) => {
      lines.out += `${line}\n`;
    };
    console.error = (line: string) => {
      lines.err += `${line}\n`;
    };
    said.push({ code: await main(argv), ...lines });
  }
  return said;
}

const [asked = '[]'] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await askAll(JSON.parse(asked))), () => process.exit());
