/**
 * Every mail program that is modelled. A new one adds its line here.
 */
import { aerc } from './aerc.ts'
import { apple } from './apple.ts'
import type { Client } from './client.ts'
import { deltaChat } from './delta-chat.ts'
import { emailengine } from './emailengine.ts'
import { evolution } from './evolution.ts'
import { fairemail } from './fairemail.ts'
import { geary } from './geary.ts'
import { himalaya } from './himalaya.ts'
import { kde } from './kde.ts'
import { mailspring } from './mailspring.ts'
import { nextcloudMail } from './nextcloud-mail.ts'
import { outlookClassic } from './outlook-classic.ts'
import { outlookCloud } from './outlook-cloud.ts'
import { snappymail } from './snappymail.ts'
import { thunderbird } from './thunderbird.ts'
import { thunderbirdAndroid } from './thunderbird-android.ts'

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
  himalaya
]
