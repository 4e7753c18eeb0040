/**
 * The folder of `http.tls.acme.storage`, which several nodes may share. Every file is complete at any moment, even after a crash:
 * it is written under another name, flushed, and then renamed. Only the user of the service can read it.
 */
import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reasonOf } from '../../sources/read-file.ts'

export interface CertificateStorage {
  /** The path of the folder. */
  readonly folder: string
  /** @returns undefined if there is no such file. @throws StorageFault */
  read(file: string): Promise<string | undefined>
  /** @throws StorageFault */
  write(file: string, text: string): Promise<void>
  /** Succeeds if there is no such file. @throws StorageFault */
  remove(file: string): Promise<void>
  /** @returns the names of the files in a folder, with those that are being written (`beingWritten`). @throws StorageFault */
  list(folder: string): Promise<readonly string[]>
  /** @returns when the file was last written, in milliseconds since 1970; undefined if there is no such file */
  changedAt(file: string): Promise<number | undefined>
  /** Creates a file that does not exist yet. @returns false if it exists. @throws StorageFault */
  claim(file: string, text: string): Promise<boolean>
}

/** The storage cannot be used: its disk is full, it is read-only, or it belongs to another user. */
export class StorageFault extends Error {}

/** The end of the name of a file that is not complete. */
export const beingWritten = '.new'

/** @param folder is created at the first write */
export function openCertificateStorage(folder: string): CertificateStorage {
  const pathOf = (file: string) => join(folder, file)

  return {
    folder,
    read: file => unlessMissing(pathOf(file), path => readFile(path, 'utf8')),
    async write(file, text) {
      const path = pathOf(file)
      const temporary = temporaryBeside(path)
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await writeThrough(temporary, text)
        await rename(temporary, path)
        await flushFolder(dirname(path))
      } catch (error) {
        throw fault('write', path, error)
      }
    },
    async remove(file) {
      const path = pathOf(file)
      await rm(path, { force: true }).catch(error => Promise.reject(fault('remove', path, error)))
    },
    async list(name) {
      return (await unlessMissing(pathOf(name), path => readdir(path))) ?? []
    },
    async changedAt(file) {
      const status = await stat(pathOf(file)).catch(() => undefined)
      return status?.mtimeMs
    },
    async claim(file, text) {
      const path = pathOf(file)
      const temporary = temporaryBeside(path)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch(error => {
        throw fault('write', path, error)
      })
      try {
        await writeThrough(temporary, text)
        // Why a link: another node must never read a file that is not complete.
        await link(temporary, path)
      } catch (error) {
        await rm(temporary, { force: true })
        if (codeOf(error) === 'EEXIST') return false
        throw fault('write', path, error)
      }
      await rm(temporary, { force: true })
      return true
    }
  }
}

/** @returns the text of a file that this process has just written. @throws StorageFault, also if there is no such file */
export async function readExisting(
  { read, folder }: Pick<CertificateStorage, 'read' | 'folder'>,
  file: string
): Promise<string> {
  const text = await read(file)
  if (text !== undefined) return text
  throw new StorageFault(`cannot read ${join(folder, file)}: it has been removed`)
}

/** Why without the name of the file: the name of a domain can be nearly as long as that of a file. */
function temporaryBeside(path: string): string {
  return join(dirname(path), `${randomUUID()}${beingWritten}`)
}

/** @throws the error of the system */
async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } catch (error) {
    // Why: a file that is claimed must not stay behind empty on a full disk.
    await rm(path, { force: true }).catch(() => undefined)
    throw error
  } finally {
    await file.close()
  }
}

/** Why: without it, a rename may be lost when the machine stops. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path)
  await folder.sync().finally(() => folder.close())
}

async function unlessMissing<T>(path: string, use: (path: string) => Promise<T>): Promise<T | undefined> {
  try {
    return await use(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw fault('read', path, error)
  }
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code)
}

function fault(what: 'read' | 'write' | 'remove', path: string, error: unknown): StorageFault {
  return new StorageFault(`cannot ${what} ${path}: ${reasons[codeOf(error)] ?? reasonOf(error)}`, {
    cause: error
  })
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'its name is too long for this file system'
}
