/**
 * The setup page in Spanish.
 */
import type { Messages } from '../messages.ts'

export const es: Messages = {
  code: 'es',
  name: 'Español',
  direction: 'ltr',

  start: {
    title: 'Configure su correo electrónico',
    lead: 'Escriba su dirección de correo. Verá todos los ajustes para su programa de correo y cómo introducirlos paso a paso.',
    label: 'Su dirección de correo electrónico',
    hint: 'Aquí no hace falta la contraseña. La dirección no se guarda.',
    button: 'Mostrar mis ajustes',
    notAnAddress: 'La dirección de correo no está completa. Debe tener esta forma: nombre@example.com.'
  },

  unknown: {
    title: 'No hay ajustes para esta dirección',
    lead: 'Aquí no hay ajustes para las direcciones que terminan en {domain}.',
    steps: [
      'Compruebe que la dirección está bien escrita, sobre todo la parte que va después de la @.',
      'Si es correcta, pregunte a su proveedor de correo o a la persona que se ocupa de su correo.'
    ]
  },

  foreign: {
    title: '¿Es correcta esta dirección?',
    lead: '{domain} no es uno de los dominios de {provider}. Si se trata de un error de escritura, corrija la dirección.',
    own: '¿Es {domain} su propio dominio y están sus buzones en {provider}? Entonces continúe.',
    confirm: 'Sí, continuar con {domain}'
  },

  missing: {
    title: 'Esta página no existe',
    lead: 'La dirección que aparece en el navegador está incompleta o ya no es válida. Escriba su dirección de correo para ver sus ajustes.'
  },

  placeholder: {
    address: 'su dirección de correo',
    localPart: 'la parte anterior a la @',
    domain: 'su dominio'
  },

  setup: {
    title: 'Ajustes de correo para {address}',
    providerTitle: 'Ajustes de correo de {provider}',
    allSettings: 'Todos los ajustes de los servidores',
    enterAddress: 'Escriba su dirección de correo y esta página mostrará sus propios ajustes.',
    another: 'Escribir otra dirección'
  },

  device: {
    heading: 'Su dispositivo',
    other: 'Otro'
  },

  login: {
    heading: 'Sus datos de acceso',
    username: 'Nombre de usuario',
    password: 'Contraseña',
    plainPassword: 'La contraseña de su buzón',
    notedPassword: 'Su contraseña, como se indica en la nota',
    note: 'Antes de empezar',
    makePassword: 'Crear o cambiar una contraseña'
  },

  servers: {
    heading: 'Servidores de correo',
    incoming: 'Correo entrante',
    outgoing: 'Correo saliente',
    protocol: 'Protocolo',
    server: 'Servidor',
    port: 'Puerto',
    security: 'Seguridad de la conexión',
    authentication: 'Autenticación',
    first: 'recomendado',
    alternative: 'alternativa',
    imapOrPop3:
      'En caso de duda, elija IMAP: el correo se queda en el servidor y se ve igual en todos los dispositivos. POP3 lo descarga en uno solo.',
    pathPrefix: 'Prefijo de ruta IMAP'
  },

  security: {
    tls: 'SSL/TLS',
    starttls: 'STARTTLS',
    none: 'Ninguna (sin cifrar)'
  },

  securityMeaning: {
    tls: 'cifrada desde el principio',
    starttls: 'cifrada después de conectar',
    none: 'otros pueden leerla'
  },

  authentication: {
    password: 'Contraseña',
    'encrypted-password': 'Contraseña cifrada',
    oauth2: 'Inicio de sesión en el navegador (OAuth2)',
    gssapi: 'Kerberos (GSSAPI)',
    ntlm: 'NTLM',
    'client-certificate': 'Certificado en su dispositivo',
    none: 'Ninguna'
  },

  services: {
    heading: 'Calendarios, contactos y más',
    service: 'Servicio',
    address: 'Dirección',
    kinds: {
      caldav: 'Calendarios (CalDAV)',
      carddav: 'Contactos (CardDAV)',
      webdav: 'Archivos (WebDAV)',
      jmap: 'Correo (JMAP)',
      activesync: 'Correo, calendarios y contactos (Exchange ActiveSync)',
      ews: 'Correo, calendarios y contactos (Exchange)',
      graph: 'Correo, calendarios y contactos (Microsoft Graph)',
      managesieve: 'Filtros de correo (ManageSieve)'
    },
    webmail: 'Correo en el navegador'
  },

  apple: {
    heading: 'Perfil para iPhone, iPad y Mac',
    lead: 'Un perfil introduce todos los ajustes por usted. Solo tiene que escribir la contraseña.',
    download: 'Descargar el perfil ({size})',
    withName: 'Incluir su nombre en el perfil',
    nameLabel: 'Su nombre, tal como lo verán los demás en sus mensajes',
    nameButton: 'Descargar con este nombre',
    phone: 'En el iPhone y el iPad',
    mac: 'En el Mac',
    phoneSteps: [
      'Abra esta página en Safari, descargue el perfil y toque [Permitir].',
      'Abra [Ajustes] y toque [Perfil descargado] en la parte superior. Si no aparece: [General] → [VPN y gestión de dispositivos].',
      'Toque [Instalar] arriba a la derecha y siga las instrucciones. Escriba su contraseña cuando se le pida.'
    ],
    macSteps: [
      'Descargue el perfil y haga doble clic en el archivo en la carpeta Descargas.',
      'Abra [Ajustes del Sistema] → [General] → [Gestión de dispositivos]. Antes de macOS 15: [Privacidad y seguridad] → [Perfiles].',
      'Haga doble clic en el perfil, pulse [Instalar] y escriba su contraseña cuando se le pida.'
    ],
    eightMinutes:
      '¿Ya no aparece [Perfil descargado]? Desaparece a los ocho minutos. Basta con descargar otra vez el perfil.',
    signed: 'El perfil está firmado: su dispositivo lo muestra como [Verificado].',
    unsigned: 'El perfil no está firmado y su dispositivo lo indica. Aun así, puede instalarlo.',
    remove:
      'Si elimina el perfil en el mismo lugar, la cuenta desaparece del dispositivo. El correo se queda en el servidor.',
    quicker: 'Con el perfil de esta página es más rápido. Estos son los pasos sin él:'
  },

  qr: {
    heading: 'Códigos para su teléfono',
    apple: 'iPhone y iPad',
    appleAlt: 'Código QR con la dirección del perfil',
    appleText: 'Apunte al código con la cámara y toque el enlace. Continúe después con los pasos del perfil.',
    thunderbird: 'Thunderbird para Android',
    thunderbirdAlt: 'Código QR con los ajustes para Thunderbird para Android',
    thunderbirdText: 'Escanee este código desde Thunderbird, no con la aplicación de la cámara.',
    thunderbirdSteps: [
      'Abra Thunderbird. La primera vez, toque [Empezar] → [Importar ajustes]. Más tarde, [Ajustes] → [Importar ajustes].',
      'Si se le pregunta desde dónde importar, elija [Escanear el código QR].',
      'Apunte con la cámara al código de esta página y confirme.',
      'Toque [Importar] y escriba su contraseña.'
    ],
    asText: 'Mostrar como texto',
    noPassword: 'Los códigos no contienen ninguna contraseña.'
  },

  programs: {
    heading: '¿Qué programa utiliza?',
    others: 'Otro programa, o sin perfil',
    byHand: '¿El programa no encuentra los ajustes? Introduzca estos valores.',
    exchange: 'Escriba {address}. Outlook encuentra el servidor Exchange y le pide que inicie sesión.',
    generic: [
      'Abra {program} y añada una cuenta. La primera vez, el programa la pide. Después, búsquelo en sus ajustes.',
      'Escriba {address} y su contraseña. Si se le pide un proveedor, elija {incomingProtocol} u otro proveedor.',
      'Si se le piden los servidores: entrante {incoming}, puerto {incomingPort}, {incomingSecurity}; saliente {outgoing}, puerto {outgoingPort}, {outgoingSecurity}; nombre de usuario {login}.'
    ],
    sparkNote: 'Spark envía su dirección, su contraseña y su correo a los servidores de su fabricante.',
    steps: {
      iphone: {
        steps: [
          'Abra [Ajustes] → [Apps] → [Mail] → [Cuentas de Mail] → [Añadir cuenta]. Antes de iOS 18: [Ajustes] → [Mail] → [Cuentas].',
          'Toque [Otra] → [Añadir cuenta de correo]. Si antes se le pide la dirección, escriba {address} y elija añadir otra cuenta de correo.',
          'Escriba su nombre, {address} y su contraseña, y toque [Siguiente].',
          'Elija [{incomingProtocol}]. En [Servidor de correo entrante] escriba {incoming}, el nombre de usuario {login} y su contraseña.',
          'En [Servidor de correo saliente] escriba {outgoing}| y otra vez {login} y su contraseña, aunque ponga [Opcional]|.',
          'Toque [Siguiente] y después [Guardar].'
        ]
      },
      mac: {
        steps: [
          'Abra Mail y elija [Mail] → [Añadir cuenta…] en la barra de menús.',
          'Elija [Otra cuenta de Mail…] y haga clic en [Continuar].',
          'Escriba su nombre, {address} y su contraseña, y haga clic en [Iniciar sesión].',
          'Si Mail le pide los servidores: nombre de usuario {login}, tipo de cuenta {incomingProtocol}, servidor de correo entrante {incoming}, servidor de correo saliente {outgoing}.',
          'Haga clic en [Iniciar sesión] y termine el asistente.'
        ]
      },
      thunderbird: {
        steps: [
          'Abra el menú ≡ arriba a la derecha y elija [Añadir cuenta] → [Correo electrónico]. La primera vez, esta ventana se abre sola.',
          'Escriba su nombre y {address}, y haga clic en [Continuar].',
          'Thunderbird encuentra los ajustes. Haga clic en [Continuar].',
          'Escriba su contraseña y haga clic en [Continuar].'
        ],
        note: 'Si Thunderbird no encuentra los ajustes, haga clic en [Configurar manualmente] e introduzca los valores de las tablas de esta página.'
      },
      thunderbirdAndroid: {
        name: 'Thunderbird para Android',
        steps: [
          'La primera vez, toque [Empezar] y [Añade una cuenta de correo]. Más tarde, [Ajustes] → [Añadir cuenta].',
          'Escriba {address} y toque [Siguiente].',
          'Thunderbird encuentra los ajustes. Escriba su contraseña y toque [Siguiente].',
          'Escriba su nombre y continúe hasta el final.'
        ]
      },
      k9: {
        steps: [
          'La primera vez, toque [Empezar]. Más tarde, [Ajustes] → [Añadir cuenta].',
          'Escriba {address} y toque [Siguiente].',
          'K-9 Mail encuentra los ajustes. Escriba su contraseña y toque [Siguiente].',
          'Escriba su nombre y continúe hasta el final.'
        ]
      },
      outlookClassic: {
        name: 'Outlook clásico',
        steps: [
          'Haga clic en [Archivo] → [Agregar cuenta].',
          'Escriba {address}. Abra [Opciones avanzadas], marque [Permíteme configurar mi cuenta manualmente] y haga clic en [Conectar].',
          'Elija [{incomingProtocol}].',
          'Correo entrante: servidor {incoming}, puerto {incomingPort}, cifrado {incomingSecurity}.',
          'Correo saliente: servidor {outgoing}, puerto {outgoingPort}, cifrado {outgoingSecurity}. Haga clic en [Siguiente].',
          'Escriba su contraseña y haga clic en [Conectar]. Si Outlook pide un nombre de usuario, escriba {login}.'
        ]
      },
      outlookNew: {
        name: 'Nuevo Outlook',
        steps: [
          'Abra la configuración (la rueda dentada, arriba a la derecha), elija [Cuentas] y haga clic en [Agregar cuenta].',
          'Escriba {address} y haga clic en [Continuar].',
          'Escriba su contraseña. Si se le pide un proveedor, elija [{incomingProtocol}].',
          'Si se le piden los servidores: entrante {incoming}, puerto {incomingPort}, {incomingSecurity}; saliente {outgoing}, puerto {outgoingPort}, {outgoingSecurity}; nombre de usuario {login}.'
        ],
        note: 'El nuevo Outlook y Outlook para móviles envían su dirección, su contraseña y su correo a la nube de Microsoft, que después recoge el correo por usted.'
      },
      evolution: {
        steps: [
          'Elija [Editar] → [Cuentas], haga clic en [Añadir] y elija [Cuenta de correo].',
          'Escriba su nombre y {address}. Deje marcada la casilla [Buscar los detalles del servidor de correo basándose en la dirección de correo-e introducida] y haga clic en [Siguiente].',
          'Evolution encuentra los ajustes. Haga clic en [Siguiente] hasta el final y después en [Aplicar].',
          'Escriba su contraseña cuando se le pida.'
        ]
      },
      kmail: {
        steps: [
          'Elija [Preferencias] → [Añadir cuenta…] (la primera vez, el asistente se abre solo).',
          'Escriba su nombre, {address} y su contraseña.',
          'KMail encuentra los ajustes. Siga el asistente hasta el final.'
        ]
      },
      fairemail: {
        steps: [
          'Abra los ajustes principales. La primera vez se abren solos.',
          'Inicie el asistente de configuración rápida y elija [Otro proveedor].',
          'Escriba su nombre, {address} y su contraseña, y deje que FairEmail los compruebe.',
          'FairEmail encuentra los ajustes. Guárdelos.'
        ]
      },
      deltaChat: {
        steps: [
          'Elija crear un perfil y después usar una dirección de correo propia.',
          'Escriba {address} y su contraseña, y confirme.',
          'Delta Chat encuentra los ajustes por sí solo.'
        ],
        note: 'Delta Chat guarda sus mensajes en su buzón. Con una dirección aparte para los chats, la bandeja de entrada queda ordenada.'
      },
      davx5: {
        steps: [
          'Toque [+] y elija [Acceder con URL y nombre de usuario].',
          'Escriba {dav} en [URL base] y {login} en [Nombre de usuario]. Escriba su contraseña y toque [Registrar].',
          'Dé a la cuenta el nombre {address} y toque [Añadir cuenta].',
          'Marque los calendarios y contactos que quiera tener en el teléfono.'
        ],
        note: 'DAVx⁵ lleva los calendarios y contactos a las aplicaciones de su teléfono Android. Para el correo necesita además un programa de correo.'
      },
      gmail: {
        steps: [
          'Toque su foto de perfil arriba a la derecha y después [Añadir otra cuenta].',
          'Elija [Otra], escriba {address} y toque [Siguiente].',
          'Elija {incomingProtocol} como tipo de cuenta.',
          'Escriba su contraseña y toque [Siguiente].',
          'Entrante: nombre de usuario {login}, servidor {incoming}, puerto {incomingPort}, {incomingSecurity}.',
          'Saliente: |nombre de usuario {login}, |servidor {outgoing}, puerto {outgoingPort}, {outgoingSecurity}.'
        ]
      }
    }
  },

  help: {
    heading: 'Más ayuda',
    documentation: 'Páginas de ayuda de {provider}',
    support: 'Preguntar al servicio técnico de {provider}',
    website: 'Sitio web de {provider}'
  },

  frame: {
    language: 'Idioma',
    skip: 'Ir al contenido',
    copy: 'Copiar',
    copied: 'Copiado',
    print: 'Imprimir',
    footer: 'Esta página no usa cookies ni guarda nada sobre usted.'
  }
}
