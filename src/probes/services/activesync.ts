/**
 * Exchange ActiveSync, MS-ASHTTP.
 */
import type { Inquiry } from './service.ts'

export const activesync: Inquiry = {
  title: 'ActiveSync',
  request: { method: 'OPTIONS', headers: {} },
  status: 200,
  // Spec: MS-ASHTTP 2.2.3: the versions that the server speaks.
  read({ headers }) {
    const versions = headers['ms-asprotocolversions']
    return versions === undefined
      ? { fault: 'serviceNotActiveSync', details: {} }
      : { capabilities: versions.split(',').map(each => each.trim()) }
  }
}
