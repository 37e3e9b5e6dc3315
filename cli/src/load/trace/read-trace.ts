import { readFile } from 'node:fs/promises';
import { causeOf, LoadProblem } from '../load-problem.ts';
import { parseTrace, type Trace, TraceProblem } from './parse-trace.ts';

/** Throws a LoadProblem that names the file, and the line where there is one. */
export async function readTrace(path: string): Promise<Trace> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new LoadProblem(`The trace ${path} cannot be read (${causeOf(error)}).`);
  }
  try {
    return parseTrace(text);
  } catch (error) {
    if (error instanceof TraceProblem) throw new LoadProblem(`The trace ${path} is malformed, ${error.message}.`);
    throw error;
  }
}
