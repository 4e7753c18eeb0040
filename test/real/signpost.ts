// The server under test: `signpost serve` with one settings file, as an administrator starts it behind a proxy.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { type RunningOptions, type RunningProgram, start } from './program.ts'

const HOST = '127.0.0.1'
const PORT = 8080

export const SIGNPOST_ADDRESS = `${HOST}:${PORT}`

/** The build can be tested too: SIGNPOST_MAIN=dist/main.js */
const MAIN = process.env.SIGNPOST_MAIN ?? 'src/main.ts'

export async function startSignpost(directory: string, settings: string): Promise<RunningProgram> {
  await mkdir(directory)
  const config = join(directory, 'signpost.yaml')
  await writeFile(config, trustProxy(await readFile(settings, 'utf8')))
  return start(process.execPath, [MAIN, 'serve', '--config', config, '--listen', SIGNPOST_ADDRESS], {
    log: join(directory, 'signpost.log'),
    ready: [{ host: HOST, port: PORT }]
  })
}

/**
 * As an administrator starts it without a proxy.
 * @param settings YAML, with all places to listen
 */
export async function startSignpostAlone(
  directory: string,
  settings: string,
  ready: RunningOptions['ready']
): Promise<RunningProgram> {
  await mkdir(directory)
  const config = join(directory, 'signpost.yaml')
  await writeFile(config, settings)
  return start(process.execPath, [MAIN, 'serve', '--config', config], { log: join(directory, 'signpost.log'), ready })
}

/** The same settings, but the proxy on this machine is trusted. */
function trustProxy(yaml: string): string {
  const document = parseDocument(yaml)
  document.setIn(['http', 'trustProxy'], ['127.0.0.1/8'])
  return document.toString()
}
