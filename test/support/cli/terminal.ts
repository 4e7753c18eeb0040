/**
 * A fake terminal that keeps its output.
 */
import { type Command, parseCall, type Terminal } from '../../../src/cli/command.ts'

export interface Ran {
  readonly code: number
  /** Bytes are kept as one character each. */
  readonly out: string
  readonly err: string
}

/** Runs a command in this process. @throws SignpostError */
export async function runCommand(
  command: Command,
  argv: readonly string[],
  env: Terminal['env'] = {},
  rest: Partial<Pick<Terminal, 'input' | 'isTerminal'>> = {}
): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const terminal = {
    env,
    out: (text: string | Buffer) => out.push(typeof text === 'string' ? text : text.toString('latin1')),
    err: (text: string) => err.push(text),
    input: async () => Buffer.alloc(0),
    isTerminal: { out: false, err: false },
    ...rest
  }
  const code = await command.run(parseCall(command, argv, terminal))
  return { code, out: out.join(''), err: err.join('') }
}
