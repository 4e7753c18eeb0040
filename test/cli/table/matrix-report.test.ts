import assert from 'node:assert/strict'
import t from 'tap'
import { matrixLines } from '../../../src/cli/table/matrix-report.ts'
import { tableMatrix } from '../../../src/conformance/table-matrix.ts'
import { tableOf } from '../../support/table-of.ts'

const [matrix] = await tableMatrix(
  tableOf(`providers:
  - id: example
    name: Example
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: jmap, url: "https://jmap.example.com/session" }
      - { protocol: activesync, url: "https://eas.example.com/Microsoft-Server-ActiveSync" }
`)
)
assert(matrix)

t.test('matrix report: a server for both directions is listed once, and so is one that only receives', async t => {
  const text = matrixLines([matrix]).join('\n')
  t.match(text, /\n {2}Himalaya +jmap jmap\.example\.com:443 tls, as jane\.doe@example\.com\n/)
  t.match(
    text,
    /\n {2}Outlook \(detected by Microsoft\) +activesync eas\.example\.com:443 tls, as jane\.doe@example\.com\n/
  )
})

t.test('matrix report: reports if no program has problems with a domain in its own script', async t => {
  const nativeScript = { ascii: 'jane@xn--a.example', typed: 'jane@ä.example', lost: [], logsInAsTyped: [] }
  t.same(matrixLines([{ ...matrix, nativeScript }]).slice(-2), [
    '  typed as jane@ä.example, these find nothing: no program',
    '  typed as jane@ä.example, these log in as typed: no program'
  ])
})
