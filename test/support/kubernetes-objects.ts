/**
 * Kubernetes objects, checked against its own schemas (the OpenAPI description, through kubernetes-models).
 */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'

export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}

const run = promisify(execFile)

/** @param text YAML documents */
export function readObjects(text: string): KubernetesObject[] {
  const documents = parseAllDocuments(text)
  for (const { errors } of documents) for (const error of errors) throw error
  return documents.map(document => document.toJS()).filter(object => object !== null)
}

/** @param directory in this checkout, for files to compile. @returns violations of the schemas */
export async function faultsOf(objects: readonly KubernetesObject[], directory: string): Promise<string[]> {
  const invalid = await Promise.all(objects.map(invalidValue))
  return [...invalid.flat(), ...(await unknownKeys(objects, directory))]
}

async function invalidValue(object: KubernetesObject): Promise<string[]> {
  const { [object.kind]: Model } = await import(moduleOf(object))
  try {
    new Model(object).validate()
    return []
  } catch (error) {
    return [`${object.kind} ${object.metadata.name}: ${(error as Error).message}`]
  }
}

/** Why with the compiler: the schemas accept unknown keys, but the types generated from them do not. */
async function unknownKeys(objects: readonly KubernetesObject[], directory: string): Promise<string[]> {
  const lines = objects.map((object, at) => {
    const type = `import('${moduleOf(object)}').I${object.kind}`
    return `export const object${at}: ${type} = ${JSON.stringify(object)}`
  })
  const compilerOptions = { noEmit: true, strict: true, skipLibCheck: true, module: 'nodenext', types: [] }
  await writeFile(join(directory, 'objects.ts'), lines.join('\n'))
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['objects.ts'] }))
  try {
    // Why without the variable: the compiler fails with the hooks that tap adds to it.
    await run('env', ['-u', 'NODE_OPTIONS', 'tsc', '-p', directory, '--pretty', 'false'])
    return []
  } catch (error) {
    const { stdout } = error as { readonly stdout?: string }
    if (!stdout) throw error
    return stdout.split('\n').filter(line => line !== '')
  }
}

function moduleOf({ apiVersion, kind }: KubernetesObject): string {
  return `kubernetes-models/${apiVersion}/${kind}`
}
