/**
 * All mail programs that have a model. Add new ones here.
 */
import { aerc } from './aerc.ts'
import { apple } from './apple.ts'
import { deltaChat } from './delta-chat/delta-chat.ts'
import { emailengine } from './emailengine/emailengine.ts'
import { evolution } from './evolution/evolution.ts'
import { fairemail } from './fairemail/fairemail.ts'
import { geary } from './geary.ts'
import { gnomeOnlineAccounts } from './gnome-online-accounts.ts'
import { himalaya } from './himalaya/himalaya.ts'
import { horde } from './horde.ts'
import { kde } from './kde.ts'
import { mailspring } from './mailspring.ts'
import type { Client } from './model/client.ts'
import { mustang } from './mustang/mustang.ts'
import { nextcloudMail } from './nextcloud-mail.ts'
import { outlookClassic } from './outlook/classic.ts'
import { outlookCloud } from './outlook/cloud.ts'
import { snappymail } from './snappymail/snappymail.ts'
import { thunderbird } from './thunderbird/thunderbird.ts'
import { thunderbirdAndroid } from './thunderbird-android.ts'
import { thunderbirdIos } from './thunderbird-ios.ts'
import { winoMail } from './wino-mail.ts'

export const clients: readonly Client[] = [
  thunderbird,
  thunderbirdAndroid,
  outlookClassic,
  outlookCloud,
  apple,
  evolution,
  kde,
  deltaChat,
  fairemail,
  nextcloudMail,
  snappymail,
  emailengine,
  mailspring,
  aerc,
  geary,
  himalaya,
  gnomeOnlineAccounts,
  winoMail,
  horde,
  mustang,
  thunderbirdIos
]
