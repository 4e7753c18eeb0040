/**
 * Entry of the single executable. Node's `fork` starts this same file with the path of a script as the first argument;
 * the bundle has names for the two scripts that Signpost forks, and this file gives each its part.
 */
import cluster from 'node:cluster'

/** What `import.meta.url` of every bundled file is; see `bundle.ts`. */
const main = '/signpost/main.js'
const driver = '/signpost/directory-process.js'

// Why: as in src/signpost.cjs.
cluster.worker?.on('error', () => undefined)

// Why only with a channel: as an argument that a person typed, the name means nothing.
const forked = process.connected
  ? process.argv.findIndex((each, index) => index > 1 && [main, driver].includes(each))
  : -1
const script = forked === -1 ? main : process.argv[forked]
process.argv.splice(1, forked === -1 ? 1 : forked, main)

if (script === driver) import('../../src/directories/isolation/directory-process.ts')
else import('../../src/main.ts')
