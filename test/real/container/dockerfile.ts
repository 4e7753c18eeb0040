// Reads a Dockerfile: its stages, and what each of them copies, runs and sets.
// Source: https://docs.docker.com/reference/dockerfile/

export interface Stage {
  /** The name after AS, or the number of the stage. */
  readonly name: string
  /** An image, or the name of an earlier stage. */
  readonly from: string
  readonly steps: readonly Step[]
}

export interface Step {
  readonly keyword: string
  readonly flags: Readonly<Record<string, string>>
  /** What follows the keyword and the flags. */
  readonly text: string
}

/** @throws if it does not begin with FROM */
export function parseDockerfile(text: string): Stage[] {
  const stages: (Stage & { steps: Step[] })[] = []
  for (const step of instructions(text)) {
    if (step.keyword === 'FROM') {
      const [from = '', , name = String(stages.length)] = wordsOf(step)
      stages.push({ name, from, steps: [] })
      continue
    }
    const stage = stages.at(-1)
    if (stage === undefined) throw new Error(`${step.keyword} before FROM`)
    stage.steps.push(step)
  }
  return stages
}

export function wordsOf({ text }: Pick<Step, 'text'>): string[] {
  return text.split(/\s+/).filter(Boolean)
}

/** @returns the program and its arguments. @throws if it is a line for a shell, which the final image does not need */
export function execForm({ keyword, text }: Step): string[] {
  if (!text.startsWith('[')) throw new Error(`${keyword} is not in exec form: ${text}`)
  return JSON.parse(text)
}

/**
 * @param ignore the text of `.dockerignore`. The last pattern that matches a path or a folder above it decides.
 * @returns whether a path of the checkout is sent to the engine
 */
export function createContextFilter(ignore: string): (path: string) => boolean {
  const patterns = ignore.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  // Why: Docker would look for it below excluded folders, and the copy of the tests does not.
  for (const pattern of patterns) if (/.\/./.test(pattern)) throw new Error(`.dockerignore: ${pattern} is a path`)
  return path => {
    const [top = ''] = path.split('/')
    const last = patterns.findLast(pattern => [top, '*'].includes(pattern.replace('!', '')))
    return last === undefined || last.startsWith('!')
  }
}

function* instructions(text: string): Generator<Step> {
  const lines = text.split('\n').filter(line => !/^\s*#/.test(line))
  for (const line of lines.join('\n').replaceAll('\\\n', ' ').split('\n')) {
    if (line.trim() === '') continue
    const [, keyword = '', options = '', rest = ''] = /^(\w+)((?:\s+--\S+)*)\s+(.*)$/.exec(line.trim()) ?? []
    const flags = Object.fromEntries(
      Array.from(options.matchAll(/--(\w[\w-]*)=(\S+)/g), ([, name, value]) => [name, value])
    )
    yield { keyword: keyword.toUpperCase(), flags, text: rest }
  }
}
