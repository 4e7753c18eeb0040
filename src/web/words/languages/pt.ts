/**
 * The setup page in Portuguese, with the spelling and the menu names of Portugal.
 */
import type { Messages } from '../messages.ts'

export const pt: Messages = {
  code: 'pt',
  name: 'Português',
  direction: 'ltr',

  start: {
    title: 'Configurar o seu e-mail',
    lead: 'Introduza o seu endereço de e-mail. Verá todas as definições para o seu programa de e-mail e como introduzi-las passo a passo.',
    label: 'O seu endereço de e-mail',
    hint: 'Aqui não é necessária a palavra-passe. O endereço não é guardado.',
    button: 'Mostrar as minhas definições',
    notAnAddress: 'O endereço de e-mail não está completo. Deve ter esta forma: nome@example.com.'
  },

  unknown: {
    title: 'Não há definições para este endereço',
    lead: 'Aqui não há definições para endereços que terminam em {domain}.',
    steps: [
      'Verifique se o endereço está bem escrito, sobretudo a parte depois da @.',
      'Se estiver correto, contacte o fornecedor da sua caixa de correio ou a pessoa que trata do seu e-mail.'
    ]
  },

  foreign: {
    title: 'Este endereço está correto?',
    lead: '{domain} não é um dos domínios de {provider}. Se for um erro de digitação, corrija o endereço.',
    own: '{domain} é o seu próprio domínio e as suas caixas de correio estão em {provider}? Então continue.',
    confirm: 'Sim, continuar com {domain}'
  },

  missing: {
    title: 'Esta página não existe',
    lead: 'O endereço no navegador está incompleto ou já não é válido. Introduza o seu endereço de e-mail para ver as suas definições.'
  },

  placeholder: {
    address: 'o seu endereço de e-mail',
    localPart: 'a parte antes da @',
    domain: 'o seu domínio'
  },

  setup: {
    title: 'Definições de e-mail para {address}',
    providerTitle: 'Definições de e-mail de {provider}',
    allSettings: 'Todas as definições dos servidores',
    enterAddress: 'Introduza o seu endereço de e-mail e esta página mostrará as suas próprias definições.',
    another: 'Introduzir outro endereço'
  },

  device: {
    heading: 'O seu dispositivo',
    other: 'Outro'
  },

  login: {
    heading: 'Os seus dados de acesso',
    username: 'Nome de utilizador',
    password: 'Palavra-passe',
    plainPassword: 'A palavra-passe da sua caixa de correio',
    notedPassword: 'A sua palavra-passe, como descrito na nota',
    note: 'Antes de começar',
    makePassword: 'Criar ou alterar uma palavra-passe'
  },

  servers: {
    heading: 'Servidores de e-mail',
    incoming: 'Receção de e-mail',
    outgoing: 'Envio de e-mail',
    protocol: 'Protocolo',
    server: 'Servidor',
    port: 'Porta',
    security: 'Segurança da ligação',
    authentication: 'Autenticação',
    first: 'recomendado',
    alternative: 'alternativa',
    imapOrPop3:
      'Em caso de dúvida, escolha IMAP: o e-mail fica no servidor e é igual em todos os dispositivos. O POP3 transfere-o para um só.',
    pathPrefix: 'Prefixo do caminho IMAP'
  },

  security: {
    tls: 'SSL/TLS',
    starttls: 'STARTTLS',
    none: 'Nenhuma (não encriptada)'
  },

  securityMeaning: {
    tls: 'cifrada desde o início',
    starttls: 'cifrada após a ligação',
    none: 'outros podem ler'
  },

  authentication: {
    password: 'Palavra-passe',
    'encrypted-password': 'Palavra-passe encriptada',
    oauth2: 'Início de sessão no navegador (OAuth2)',
    gssapi: 'Kerberos (GSSAPI)',
    ntlm: 'NTLM',
    'client-certificate': 'Certificado no seu dispositivo',
    none: 'Nenhuma'
  },

  services: {
    heading: 'Calendários, contactos e mais',
    service: 'Serviço',
    address: 'Endereço',
    kinds: {
      caldav: 'Calendários (CalDAV)',
      carddav: 'Contactos (CardDAV)',
      webdav: 'Ficheiros (WebDAV)',
      jmap: 'E-mail (JMAP)',
      activesync: 'E-mail, calendários e contactos (Exchange ActiveSync)',
      ews: 'E-mail, calendários e contactos (Exchange)',
      graph: 'E-mail, calendários e contactos (Microsoft Graph)',
      managesieve: 'Filtros de e-mail (ManageSieve)'
    },
    webmail: 'E-mail no navegador'
  },

  apple: {
    heading: 'Perfil para iPhone, iPad e Mac',
    lead: 'Um perfil introduz todas as definições por si. Só tem de escrever a palavra-passe.',
    download: 'Descarregar o perfil ({size})',
    withName: 'Incluir o seu nome no perfil',
    nameLabel: 'O seu nome, como os outros o veem nas suas mensagens',
    nameButton: 'Descarregar com este nome',
    phone: 'No iPhone e no iPad',
    mac: 'No Mac',
    phoneSteps: [
      'Abra esta página no Safari, descarregue o perfil e toque em [Permitir].',
      'Abra [Definições] e toque em [Perfil descarregado] na parte superior. Se não o vir: [Geral] → [VPN e gestão de dispositivos].',
      'Toque em [Instalar] no canto superior direito e siga as instruções. Introduza a sua palavra-passe quando for pedida.'
    ],
    macSteps: [
      'Descarregue o perfil e faça duplo clique no ficheiro na pasta Descargas.',
      'Abra [Definições do Sistema] → [Geral] → [Gestão de dispositivos]. Antes do macOS 15: [Privacidade e segurança] → [Perfis].',
      'Faça duplo clique no perfil, clique em [Instalar] e introduza a sua palavra-passe quando for pedida.'
    ],
    eightMinutes:
      'Já não vê [Perfil descarregado]? Desaparece ao fim de oito minutos. Basta descarregar o perfil outra vez.',
    signed: 'O perfil está assinado: o seu dispositivo mostra-o como [Verificado].',
    unsigned: 'O perfil não está assinado e o seu dispositivo avisa disso. Pode instalá-lo mesmo assim.',
    remove: 'Se remover o perfil no mesmo local, a conta desaparece do dispositivo. O e-mail continua no servidor.',
    quicker: 'Com o perfil desta página é mais rápido. Estes são os passos sem ele:'
  },

  qr: {
    heading: 'Códigos para o seu telefone',
    apple: 'iPhone e iPad',
    appleAlt: 'Código QR com o endereço do perfil',
    appleText: 'Aponte a câmara ao código e toque na ligação. Depois continue com os passos para o perfil.',
    thunderbird: 'Thunderbird para Android',
    thunderbirdAlt: 'Código QR com as definições para o Thunderbird para Android',
    thunderbirdText: 'Leia este código dentro do Thunderbird, não com a aplicação da câmara.',
    thunderbirdSteps: [
      'Abra o Thunderbird. Na primeira vez, toque em [Iniciar] → [Importar configurações]. Mais tarde, em [Configurações] → [Importar configurações].',
      'Se lhe for perguntado de onde importar, escolha [Ler código QR].',
      'Aponte a câmara ao código desta página e confirme.',
      'Toque em [Importar] e introduza a sua palavra-passe.'
    ],
    asText: 'Mostrar como texto',
    noPassword: 'Os códigos não contêm nenhuma palavra-passe.'
  },

  programs: {
    heading: 'Que programa utiliza?',
    others: 'Outro programa, ou sem perfil',
    byHand: 'O programa não encontra as definições? Introduza estes valores.',
    exchange: 'Introduza {address}. O Outlook encontra o servidor Exchange e pede-lhe que inicie sessão.',
    generic: [
      'Abra {program} e adicione uma conta. Na primeira vez, o programa pede-a. Depois, procure nas definições.',
      'Introduza {address} e a sua palavra-passe. Se for pedido um fornecedor, escolha {incomingProtocol} ou outro fornecedor.',
      'Se forem pedidos os servidores: entrada {incoming}, porta {incomingPort}, {incomingSecurity}; saída {outgoing}, porta {outgoingPort}, {outgoingSecurity}; nome de utilizador {login}.'
    ],
    sparkNote: 'O Spark envia o seu endereço, a sua palavra-passe e o seu e-mail para os servidores do fabricante.',
    steps: {
      iphone: {
        steps: [
          'Abra [Definições] → [Apps] → [Mail], abra as contas e toque em [Adicionar conta]. Antes do iOS 18: [Definições] → [Mail] → [Contas].',
          'Toque em [Outra] → [Adicionar conta de e-mail]. Se antes lhe for pedido o endereço, introduza {address} e escolha adicionar outra conta de e-mail.',
          'Introduza o seu nome, {address} e a sua palavra-passe, e toque em [Seguinte].',
          'Escolha [{incomingProtocol}]. No servidor de receção, introduza {incoming}, o nome de utilizador {login} e a sua palavra-passe.',
          'No servidor de envio, introduza {outgoing}| e novamente {login} e a sua palavra-passe, mesmo onde diz [Opcional]|.',
          'Toque em [Seguinte] e depois em [Guardar].'
        ]
      },
      mac: {
        steps: [
          'Abra o Mail e escolha [Mail] → [Adicionar conta…] na barra de menus.',
          'Escolha [Outra conta de Mail…] e clique em [Continuar].',
          'Introduza o seu nome, {address} e a sua palavra-passe, e clique em [Iniciar sessão].',
          'Se o Mail pedir os servidores: nome de utilizador {login}, tipo de conta {incomingProtocol}, servidor de receção {incoming}, servidor de envio {outgoing}.',
          'Clique em [Iniciar sessão] e conclua o assistente.'
        ]
      },
      thunderbird: {
        steps: [
          'Abra o menu ≡ no canto superior direito e escolha [Adicionar Conta] → [E-mail]. Na primeira vez, esta janela abre-se sozinha.',
          'Introduza o seu nome e {address}, e clique em [Continuar].',
          'O Thunderbird encontra as definições. Clique em [Continuar].',
          'Introduza a sua palavra-passe e clique em [Continuar].'
        ],
        note: 'Se o Thunderbird não encontrar as definições, clique em [Configurar manualmente] e introduza os valores das tabelas desta página.'
      },
      thunderbirdAndroid: {
        name: 'Thunderbird para Android',
        steps: [
          'Na primeira vez, toque em [Iniciar] e [Adicionar uma conta de e-mail agora]. Mais tarde, em [Configurações] → [Adicionar conta].',
          'Introduza {address} e toque em [Próximo].',
          'O Thunderbird encontra as definições. Introduza a sua palavra-passe e toque em [Próximo].',
          'Introduza o seu nome e continue até ao fim.'
        ]
      },
      k9: {
        steps: [
          'Na primeira vez, toque em [Iniciar]. Mais tarde, em [Configurações] → [Adicionar conta].',
          'Introduza {address} e toque em [Próximo].',
          'O K-9 Mail encontra as definições. Introduza a sua palavra-passe e toque em [Próximo].',
          'Introduza o seu nome e continue até ao fim.'
        ]
      },
      outlookClassic: {
        name: 'Outlook clássico',
        steps: [
          'Clique em [Ficheiro] → [Adicionar Conta].',
          'Introduza {address}. Abra [Opções avançadas], marque a opção para configurar a conta manualmente e confirme.',
          'Escolha [{incomingProtocol}].',
          'Receção de e-mail: servidor {incoming}, porta {incomingPort}, encriptação {incomingSecurity}.',
          'Envio de e-mail: servidor {outgoing}, porta {outgoingPort}, encriptação {outgoingSecurity}. Clique em [Seguinte].',
          'Introduza a sua palavra-passe e confirme. Se o Outlook pedir um nome de utilizador, introduza {login}.'
        ]
      },
      outlookNew: {
        name: 'Novo Outlook',
        steps: [
          'Abra as definições (a roda dentada no canto superior direito), escolha [Contas] e clique em [Adicionar conta].',
          'Introduza {address} e clique em [Continuar].',
          'Introduza a sua palavra-passe. Se lhe for pedido um fornecedor, escolha [{incomingProtocol}].',
          'Se lhe forem pedidos os servidores: receção {incoming}, porta {incomingPort}, {incomingSecurity}; envio {outgoing}, porta {outgoingPort}, {outgoingSecurity}; nome de utilizador {login}.'
        ],
        note: 'O novo Outlook e o Outlook para telefones enviam o seu endereço, a sua palavra-passe e o seu e-mail para a nuvem da Microsoft, que depois vai buscar o e-mail por si.'
      },
      evolution: {
        steps: [
          'Escolha [Editar] → [Contas], clique em [Adicionar] e escolha [Conta de correio eletrónico].',
          'Introduza o seu nome e {address}. Deixe marcada a opção [Procurar detalhes do servidor de correio com base no endereço eletrónico inserido] e clique em [Seguinte].',
          'O Evolution encontra as definições. Clique em [Seguinte] até ao fim e depois em [Aplicar].',
          'Introduza a sua palavra-passe quando for pedida.'
        ]
      },
      kmail: {
        steps: [
          'Escolha [Configuração] → [Adicionar uma Conta…] (na primeira vez, o assistente abre-se sozinho).',
          'Introduza o seu nome, {address} e a sua palavra-passe.',
          'O KMail encontra as definições. Siga o assistente até ao fim.'
        ]
      },
      fairemail: {
        steps: [
          'Abra as definições principais. Na primeira vez, abrem-se sozinhas.',
          'Inicie o assistente da configuração rápida e escolha [Outro fornecedor].',
          'Introduza o seu nome, {address} e a sua palavra-passe, e deixe o FairEmail verificá-los.',
          'O FairEmail encontra as definições. Guarde-as.'
        ]
      },
      deltaChat: {
        steps: [
          'Escolha criar um perfil e depois usar um endereço de e-mail próprio.',
          'Introduza {address} e a sua palavra-passe, e confirme.',
          'O Delta Chat encontra as definições sozinho.'
        ],
        note: 'O Delta Chat guarda as mensagens na sua caixa de correio. Com um endereço só para conversas, a caixa de entrada fica arrumada.'
      },
      davx5: {
        steps: [
          'Toque em [+] e escolha [Autenticação com usuário e URL].',
          'Introduza {dav} em [URL base] e {login} em [Usuário]. Introduza a sua palavra-passe e toque em [Autenticar].',
          'Dê à conta o nome {address} e toque em [Adicionar conta].',
          'Marque os calendários e os contactos que quer ter no telefone.'
        ],
        note: 'O DAVx⁵ leva os calendários e os contactos para as aplicações do seu telefone Android. Para o e-mail precisa ainda de um programa de e-mail.'
      },
      gmail: {
        steps: [
          'Toque na sua imagem de perfil no canto superior direito e depois em [Adicionar outra conta].',
          'Escolha [Outro], introduza {address} e toque em [Seguinte].',
          'Escolha {incomingProtocol} como tipo de conta.',
          'Introduza a sua palavra-passe e toque em [Seguinte].',
          'Receção: nome de utilizador {login}, servidor {incoming}, porta {incomingPort}, {incomingSecurity}.',
          'Envio: |nome de utilizador {login}, |servidor {outgoing}, porta {outgoingPort}, {outgoingSecurity}.'
        ]
      }
    }
  },

  help: {
    heading: 'Mais ajuda',
    documentation: 'Páginas de ajuda de {provider}',
    support: 'Perguntar ao apoio técnico de {provider}',
    website: 'Site de {provider}'
  },

  frame: {
    language: 'Idioma',
    skip: 'Ir para o conteúdo',
    copy: 'Copiar',
    copied: 'Copiado',
    print: 'Imprimir',
    footer: 'Esta página não usa cookies nem guarda nada sobre si.'
  }
}
