#!/usr/bin/env node
/**
 * Entry of the `signpost` command: checks the version of Node, then runs `main.ts`.
 *
 * Why CommonJS in old syntax: Node 12 must be able to read this file, or it cannot print the message.
 */
const found = process.versions.node
const [major, minor] = found.split('.').map(Number)
// Why not read from `engines` in package.json: its syntax needs a parser. test/signpost.test.ts compares the two.
// Observed: in Node 24.0 and 24.1 workers get no message. 24.11 is the first release with long-term support.
const isSupported = major >= 26 || (major === 24 && minor >= 11) || (major === 22 && minor >= 18)

if (isSupported) {
  // Why here: if the primary process is killed while a worker starts, Node reports the closed channel as an error before any
  // other module is loaded. The worker ends anyway, because Node ends a worker whose channel is closed.
  if (process.connected && process.env.SIGNPOST_WORKER) require('node:cluster').worker.on('error', () => undefined)
  import('./main.ts')
} else {
  process.stderr.write(`signpost: Signpost needs Node 22 from 22.18, Node 24 from 24.11, or Node 26 or later.
This is Node ${found}: ${process.execPath}
In a checkout, "npm ci" without --omit=dev installs a Node of its own, which "npm start" then uses.
Otherwise install a newer one from https://nodejs.org/, or the Debian package or the single executable of Signpost,
which need no Node.
`)
  process.exitCode = 2
}
