import { createPublicKey, verify } from 'node:crypto'
import t from 'tap'
import { certificateRequest } from '../../src/acme/certificate-request.ts'
import { contentsOf, elementsOf } from '../../src/formats/cms/der.ts'
import { ecKey } from '../support/certificates.ts'

t.test('certificate request: has the key and the names, and is signed with the key', async t => {
  const key = ecKey()
  const request = certificateRequest(key, ['autoconfig.a.example', 'autodiscover.a.example'])
  const [information = Buffer.alloc(0), , signature = Buffer.alloc(0)] = elementsOf(request)
  const publicKey = createPublicKey(key)
  t.ok(verify('sha256', information, publicKey, contentsOf(signature).subarray(1)))
  t.ok(elementsOf(information)[2]?.equals(publicKey.export({ type: 'spki', format: 'der' })))
  t.ok(information.includes(Buffer.from('autoconfig.a.example\u0082\u0016autodiscover.a.example', 'latin1')))
})
