/**
 * One file that needs neither Node nor npm: Node itself, with the program in it.
 */
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './run.ts'

/** Source: Node's documentation of single executable applications. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

/**
 * @param file where to write it
 * @param program CommonJS, without imports other than of Node's own modules
 */
export async function writeExecutable(file: string, program: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'signpost-executable-'))
  try {
    const [main, config, output] = ['signpost.cjs', 'sea.json', 'blob'].map(name => join(work, name)) as [
      string,
      string,
      string
    ]
    await writeFile(main, program)
    await writeFile(config, JSON.stringify({ main, output, disableExperimentalSEAWarning: true, useCodeCache: true }))
    await run(process.execPath, ['--experimental-sea-config', config], { env: { NODE_OPTIONS: '' } })
    await copyFile(process.execPath, file)
    await chmod(file, 0o755)
    // Why before: afterwards it would remove the program too.
    await run('strip', [file])
    await run(join('node_modules', '.bin', 'postject'), [file, 'NODE_SEA_BLOB', output, '--sentinel-fuse', fuse])
  } finally {
    await rm(work, { recursive: true })
  }
}
