/**
 * All programs for calendars and address books that have a model. Add new ones here.
 */
import type { DavClient } from './dav-client.ts'
import { davx5 } from './davx5.ts'
import { evolutionDav } from './evolution-dav.ts'
import { gnomeOnlineAccountsDav } from './gnome-online-accounts-dav.ts'
import { thunderbirdDav } from './thunderbird-dav.ts'
import { vdirsyncer } from './vdirsyncer.ts'

export const davClients: readonly DavClient[] = [
  thunderbirdDav,
  davx5,
  gnomeOnlineAccountsDav,
  evolutionDav,
  vdirsyncer
]
