// Measures one source: a server for each number of domains, loaded one after the other, in several rounds.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchAnswer } from './answer.ts'
import { type Load, load } from './load.ts'
import type { ScaleSource } from './scale-source.ts'
import { EXPECTED, type Plan, type Scale, type Subject, startSubject } from './scale-subject.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { requestAt, traffics } from './traffic.ts'

export type SourceFindings = {
  title: string
  isDatabase: boolean
  /** In ascending order of the number of domains. */
  scales: readonly Scale[]
  /** A bare node:http server in the same rounds, with the response for the first domain. */
  bare: readonly Load[]
}

const bareServer = fileURLToPath(new URL('bare-server.ts', import.meta.url))

/** @param progress gets messages about the progress */
export const measureSource = async (
  source: ScaleSource,
  plan: Plan,
  progress: (line: string) => void
): Promise<SourceFindings> => {
  const { domains: numbers, rounds, seconds } = plan.options
  const subjects: Subject[] = []
  for (const domains of numbers.filter(number => number <= source.most)) {
    progress(`${source.title}, ${domains} domains …`)
    subjects.push(await startSubject(source, domains, plan))
  }
  const bare = await startBare(subjects[0]?.port ?? 0, plan.dir)
  const bareLoads: Load[] = []
  for (const traffic of traffics)
    for (let round = 1; round <= rounds; round++) {
      progress(`${source.title}, ${traffic}, round ${round} …`)
      let ring = ''
      for (const subject of subjects) ring = await subject.load(traffic, round)
      bareLoads.push(await load(bare, EXPECTED, ring, seconds))
    }
  await bare.stop()
  const scales: Scale[] = []
  for (const subject of subjects) scales.push(await subject.finish())
  return { title: source.title, isDatabase: source.isDatabase, scales, bare: bareLoads }
}

const startBare = async (port: number, dir: string): Promise<ServerProcess> => {
  const file = join(dir, 'bare.json')
  writeFileSync(file, JSON.stringify(await fetchAnswer(port, requestAt(0))))
  return startServer({
    command: process.execPath,
    args: own => [bareServer, file, String(own)],
    outputFile: join(dir, 'bare.log'),
    core: 0
  })
}
