/**
 * The setup page in Japanese.
 */
import type { Messages } from '../messages.ts'

export const ja: Messages = {
  code: 'ja',
  name: '日本語',
  direction: 'ltr',

  start: {
    title: 'メールの設定',
    lead: 'メールアドレスを入力してください。お使いのメールソフトに必要な設定と、入力の手順を表示します。',
    label: 'メールアドレス',
    hint: 'パスワードは必要ありません。メールアドレスは保存されません。',
    button: '設定を表示',
    notAnAddress: 'メールアドレスが正しくありません。name@example.com の形式で入力してください。'
  },

  unknown: {
    title: 'このメールアドレスの設定はありません',
    lead: '{domain} で終わるメールアドレスの設定は、ここにはありません。',
    steps: [
      '入力した文字、特に @ より後の部分に誤りがないか確認してください。',
      '正しい場合は、メールの提供元か、メールの担当者にお問い合わせください。'
    ]
  },

  foreign: {
    title: 'このメールアドレスは正しいですか',
    lead: '{domain} は {provider} のドメインではありません。入力の誤りであれば、メールアドレスを訂正してください。',
    own: '{domain} がご自身のドメインで、そのメールボックスが {provider} にある場合は、続けてください。',
    confirm: 'はい、{domain} で続ける'
  },

  missing: {
    title: 'ページが見つかりません',
    lead: 'ブラウザーに入力された URL が途中で切れているか、すでに無効になっています。メールアドレスを入力すると設定が表示されます。'
  },

  placeholder: {
    address: 'お使いのメールアドレス',
    localPart: '@ より前の部分',
    domain: 'お使いのドメイン'
  },

  setup: {
    title: '{address} のメール設定',
    providerTitle: '{provider} のメール設定',
    allSettings: 'すべてのサーバー設定',
    enterAddress: 'メールアドレスを入力すると、ご自身の設定が表示されます。',
    another: '別のメールアドレスを入力'
  },

  device: {
    heading: 'お使いの端末',
    other: 'その他'
  },

  login: {
    heading: 'ログイン情報',
    username: 'ユーザー名',
    password: 'パスワード',
    plainPassword: 'メールのパスワード',
    notedPassword: '「最初にお読みください」に記載のパスワード',
    note: '最初にお読みください',
    makePassword: 'パスワードを作成または変更'
  },

  servers: {
    heading: 'メールサーバー',
    incoming: '受信メール',
    outgoing: '送信メール',
    protocol: 'プロトコル',
    server: 'サーバー',
    port: 'ポート',
    security: '接続の保護',
    authentication: '認証方式',
    first: '推奨',
    alternative: '代替',
    imapOrPop3:
      '迷ったときは IMAP を選んでください。メールはサーバーに残り、どの端末でも同じように表示されます。POP3 は 1 台の端末にメールを取り込みます。',
    pathPrefix: 'IMAP パス接頭辞'
  },

  security: {
    tls: 'SSL/TLS',
    starttls: 'STARTTLS',
    none: 'なし (暗号化されません)'
  },

  securityMeaning: {
    tls: '接続の最初から暗号化',
    starttls: '接続した後に暗号化',
    none: '他人に読まれるおそれがあります'
  },

  authentication: {
    password: 'パスワード',
    'encrypted-password': '暗号化されたパスワード',
    oauth2: 'ブラウザーでのログイン (OAuth2)',
    gssapi: 'Kerberos (GSSAPI)',
    ntlm: 'NTLM',
    'client-certificate': '端末にある証明書',
    none: 'なし'
  },

  services: {
    heading: 'カレンダー、連絡先など',
    service: 'サービス',
    address: 'アドレス',
    kinds: {
      caldav: 'カレンダー (CalDAV)',
      carddav: '連絡先 (CardDAV)',
      webdav: 'ファイル (WebDAV)',
      jmap: 'メール (JMAP)',
      activesync: 'メール、カレンダー、連絡先 (Exchange ActiveSync)',
      ews: 'メール、カレンダー、連絡先 (Exchange)',
      graph: 'メール、カレンダー、連絡先 (Microsoft Graph)',
      managesieve: 'メールの振り分け (ManageSieve)'
    },
    webmail: 'ウェブメール'
  },

  apple: {
    heading: 'iPhone、iPad、Mac 用プロファイル',
    lead: 'プロファイルを使うと、すべての設定が自動的に入力されます。入力するのはパスワードだけです。',
    download: 'プロファイルをダウンロード ({size})',
    withName: 'プロファイルに名前を入れる',
    nameLabel: '名前 (メールの差出人として相手に表示されます)',
    nameButton: 'この名前でダウンロード',
    phone: 'iPhone と iPad',
    mac: 'Mac',
    phoneSteps: [
      'Safari でこのページを開き、プロファイルをダウンロードして [許可] をタップします。',
      '[設定] を開き、上部の [プロファイルがダウンロード済み] をタップします。表示されない場合は [一般] → [VPN とデバイス管理] を開きます。',
      '右上の [インストール] をタップし、画面の指示に従います。パスワードを求められたら入力します。'
    ],
    macSteps: [
      'プロファイルをダウンロードし、「ダウンロード」フォルダーのファイルをダブルクリックします。',
      '[システム設定] → [一般] → [デバイス管理] を開きます。macOS 15 より前では [プライバシーとセキュリティ] → [プロファイル] です。',
      'プロファイルをダブルクリックし、[インストール] をクリックして、求められたらパスワードを入力します。'
    ],
    eightMinutes:
      '[プロファイルがダウンロード済み] が見当たらない場合: 8 分たつと消えます。もう一度プロファイルをダウンロードしてください。',
    signed: 'このプロファイルは署名されており、端末には [検証済み] と表示されます。',
    unsigned: 'このプロファイルは署名されていないため、端末にその旨が表示されますが、インストールできます。',
    remove: '同じ画面でプロファイルを削除すると、端末からアカウントが消えます。メールはサーバーに残ります。',
    quicker: 'このページのプロファイルを使うと簡単です。プロファイルを使わない場合の手順は次のとおりです。'
  },

  qr: {
    heading: 'スマートフォン用の QR コード',
    apple: 'iPhone と iPad',
    appleAlt: 'プロファイルの URL を示す QR コード',
    appleText: 'カメラをコードに向け、リンクをタップします。続いてプロファイルの手順に進みます。',
    thunderbird: 'Android 版 Thunderbird',
    thunderbirdAlt: 'Android 版 Thunderbird の設定が入った QR コード',
    thunderbirdText: 'カメラアプリではなく、Thunderbird の中でこのコードをスキャンしてください。',
    thunderbirdSteps: [
      'Thunderbird を開きます。初回起動時は [開始] → [設定をインポート]、2 回目以降は [設定] → [設定をインポート] をタップします。',
      'インポート元を選ぶ画面が表示されたら、[QR コードをスキャン] を選びます。',
      'カメラをこのページのコードに向け、確定します。',
      '[インポート] をタップし、パスワードを入力します。'
    ],
    asText: 'テキストで表示',
    noPassword: 'コードにパスワードは含まれていません。'
  },

  programs: {
    heading: 'どのメールソフトをお使いですか？',
    others: 'ほかのメールソフト、またはプロファイルなしで設定',
    byHand: 'メールソフトで設定が見つからない場合は、これらの値を入力してください。',
    exchange: '{address} を入力します。Outlook が Exchange サーバーを検出し、サインインを求めます。',
    generic: [
      '{program} を開き、アカウントを追加します。初回起動時は案内が表示されます。2 回目以降は設定から追加します。',
      '{address} とパスワードを入力します。メールの提供元を尋ねられたら、{incomingProtocol} またはその他の提供元を選びます。',
      'サーバーを尋ねられたら: 受信 {incoming}、ポート {incomingPort}、{incomingSecurity}、送信 {outgoing}、ポート {outgoingPort}、{outgoingSecurity}、ユーザー名 {login}。'
    ],
    sparkNote: 'Spark は、メールアドレス、パスワード、メールを開発元のサーバーに送信します。',
    steps: {
      iphone: {
        steps: [
          '[設定] → [アプリ] → [メール] → [メールアカウント] → [アカウントを追加] を開きます。iOS 18 より前では [設定] → [メール] → [アカウント] です。',
          '[その他] → [メールアカウントを追加] をタップします。先にメールアドレスを求められた場合は {address} を入力し、別のメールアカウントの追加を選びます。',
          '名前、{address}、パスワードを入力し、[次へ] をタップします。',
          '[{incomingProtocol}] を選びます。[受信メールサーバ] に {incoming}、ユーザー名 {login}、パスワードを入力します。',
          '[送信メールサーバ] に {outgoing} を|入力し、任意と表示されていても、もう一度 {login} とパスワードを|入力します。',
          '[次へ] をタップし、[保存] をタップします。'
        ]
      },
      mac: {
        steps: [
          'メールを開き、メニューバーで [メール] → [アカウントを追加…] を選びます。',
          '[その他のメールアカウント…] を選び、[続ける] をクリックします。',
          '名前、{address}、パスワードを入力し、[サインイン] をクリックします。',
          'サーバーを求められた場合: ユーザー名 {login}、アカウントの種類 {incomingProtocol}、受信用メールサーバ {incoming}、送信用メールサーバ {outgoing}。',
          '[サインイン] をクリックし、[完了] をクリックします。'
        ]
      },
      thunderbird: {
        steps: [
          '右上のメニュー ≡ を開き、[アカウントを追加] → [メール] を選びます。初回起動時は自動的に表示されます。',
          '名前と {address} を入力し、[続ける] をクリックします。',
          '設定が自動的に検出されます。[続ける] をクリックします。',
          'パスワードを入力し、[続ける] をクリックします。'
        ],
        note: '設定が見つからない場合は [手動設定] をクリックし、このページの表の値を入力してください。'
      },
      thunderbirdAndroid: {
        name: 'Android 版 Thunderbird',
        steps: [
          '初回起動時は [開始]、[メールアカウントを追加] の順にタップします。2 回目以降は [設定] → [アカウントを追加] をタップします。',
          '{address} を入力し、[次へ] をタップします。',
          '設定が自動的に検出されます。パスワードを入力し、[次へ] をタップします。',
          '名前を入力し、最後まで進みます。'
        ]
      },
      k9: {
        steps: [
          '初回起動時は [開始]、2 回目以降は [設定] → [アカウントを追加] をタップします。',
          '{address} を入力し、[次へ] をタップします。',
          '設定が自動的に検出されます。パスワードを入力し、[次へ] をタップします。',
          '名前を入力し、最後まで進みます。'
        ]
      },
      outlookClassic: {
        name: '従来の Outlook',
        steps: [
          '[ファイル] → [アカウントの追加] をクリックします。',
          '{address} を入力します。[詳細オプション] を開き、[自分で自分のアカウントを手動で設定] にチェックを入れて [接続] をクリックします。',
          '[{incomingProtocol}] を選びます。',
          '受信メール: サーバー {incoming}、ポート {incomingPort}、暗号化方法 {incomingSecurity}。',
          '送信メール: サーバー {outgoing}、ポート {outgoingPort}、暗号化方法 {outgoingSecurity}。[次へ] をクリックします。',
          'パスワードを入力し、[接続] をクリックします。Outlook がユーザー名を求めた場合は、{login} を入力します。'
        ]
      },
      outlookNew: {
        name: '新しい Outlook',
        steps: [
          '設定 (右上の歯車) を開き、[アカウント] を選んで [アカウントの追加] をクリックします。',
          '{address} を入力し、[続行] をクリックします。',
          'パスワードを入力します。プロバイダーを選ぶ画面では [{incomingProtocol}] を選びます。',
          'サーバーを求められた場合: 受信 {incoming}、ポート {incomingPort}、{incomingSecurity}。送信 {outgoing}、ポート {outgoingPort}、{outgoingSecurity}、ユーザー名 {login}。'
        ],
        note: '新しい Outlook とスマートフォン版 Outlook は、メールアドレス、パスワード、メールを Microsoft のクラウドに送信し、クラウドが代わりにメールを取得します。'
      },
      evolution: {
        steps: [
          '[編集] メニューからアカウントの一覧を開き、[追加する] をクリックしてメールアカウントを選びます。',
          '名前と {address} を入力します。メールアドレスからサーバーの情報を検索する項目はチェックしたまま、[次へ] をクリックします。',
          '設定が自動的に検出されます。最後まで [次へ] をクリックし、適用します。',
          'パスワードを求められたら入力します。'
        ]
      },
      kmail: {
        steps: [
          '[設定] メニューからアカウントの追加を選びます。初回起動時はウィザードが自動的に開きます。',
          '名前、{address}、パスワードを入力します。',
          '設定が自動的に検出されます。ウィザードに従って最後まで進みます。'
        ]
      },
      fairemail: {
        steps: [
          'メインの設定画面を開きます。初回起動時は自動的に開きます。',
          'クイックセットアップのウィザードを開き、[その他のプロバイダー] を選びます。',
          '名前、{address}、パスワードを入力し、確認を実行します。',
          '設定が自動的に検出されたら、保存します。'
        ]
      },
      deltaChat: {
        steps: [
          'プロフィールの作成を選び、続いて手持ちのメールアドレスの使用を選びます。',
          '{address} とパスワードを入力し、確定します。',
          '残りは Delta Chat が自動的に設定します。'
        ],
        note: 'Delta Chat のメッセージはメールボックスに保存されます。チャット専用のメールアドレスを使うと、受信トレイがすっきりします。'
      },
      davx5: {
        steps: [
          '[+] をタップし、[URL とユーザー名でログイン] を選びます。',
          '[ベース URL] に {dav}、[ユーザー名] に {login} を入力します。パスワードを入力し、[ログイン] をタップします。',
          'アカウント名を {address} にして、[アカウントを追加] をタップします。',
          'スマートフォンで使いたいカレンダーと連絡先にチェックを入れます。'
        ],
        note: 'DAVx⁵ は、カレンダーと連絡先を Android のアプリで使えるようにします。メールには別途メールアプリが必要です。'
      },
      gmail: {
        steps: [
          '右上のプロフィール写真をタップし、[別のアカウントを追加] をタップします。',
          '[その他] を選び、{address} を入力して [次へ] をタップします。',
          'アカウントの種類に {incomingProtocol} を選びます。',
          'パスワードを入力し、[次へ] をタップします。',
          '受信: ユーザー名 {login}、サーバー {incoming}、ポート {incomingPort}、{incomingSecurity}。',
          '送信: |ユーザー名 {login}、|サーバー {outgoing}、ポート {outgoingPort}、{outgoingSecurity}。'
        ]
      }
    }
  },

  help: {
    heading: 'お困りのときは',
    documentation: '{provider} のヘルプ',
    support: '{provider} のサポートに問い合わせる',
    website: '{provider} のウェブサイト'
  },

  frame: {
    language: '言語',
    skip: '本文へ移動',
    copy: 'コピー',
    copied: 'コピーしました',
    print: '印刷',
    footer: 'このページは Cookie を使用せず、訪問者の情報を一切保存しません。'
  }
}
