/**
 * Problems that GitHub's parser finds in workflows. It contains the published schema, and also checks expressions.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

type Parser = typeof import('@actions/workflow-parser')

/**
 * @param folder an empty folder of the test
 * @returns a function that returns the problems of a workflow
 */
export async function openWorkflowParser(folder: string): Promise<(content: string) => Promise<string[]>> {
  const outfile = join(folder, 'parser.mjs')
  // Why bundled: the package imports JSON files in a way that only bundlers understand.
  await build({
    entryPoints: ['@actions/workflow-parser'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    banner
  })
  const parser: Parser = await import(pathToFileURL(outfile).href)
  return async content => {
    const { context, value } = parser.parseWorkflow(
      { name: 'workflow.yml', content },
      new parser.NoOperationTraceWriter()
    )
    const template = value && (await parser.convertWorkflowTemplate(context, value))
    const faults = [...context.errors.getErrors(), ...(template?.errors ?? [])]
    return [...new Set(faults.map(fault => ('Message' in fault ? fault.Message : fault.message)))]
  }
}

// Why: a dependency in CommonJS calls `require`, which ES modules do not have.
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }
