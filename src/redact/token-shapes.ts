/** A token that can be told by the way it is written. */
export interface TokenShape {
  readonly kind: string;
  /** Four characters of it that are rare in other text. */
  readonly grams: readonly string[];
  /** The whole token: runs of one class each, divided by what is outside the class, so that none backtracks. */
  readonly shape: RegExp;
  /** Its beginning, where the text ends and may have been cut. */
  readonly cut?: RegExp;
  /** Where it begins, counted from the gram. */
  readonly from?: number;
  /**
   * It is one only where no letter, digit or `_` stands before it; `run`: nor a `-`, for it is long and would else be
   * read again from every dash in it.
   */
  readonly atEdge?: 'word' | 'run';
}

/** What stands before a token whose own beginning is shorter than four characters. */
const delimiters = ['"', "'", '=', ':', ' ', '\n', '\t', '`', ',', '(', '>', '@', '/', '|', '-', '_'];
const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const digits = [...'0123456789'];

function behind(beginning: string): readonly string[] {
  return delimiters.map((delimiter) => `${delimiter}${beginning}`);
}

function plain(kind: string, grams: string, shape: RegExp, cut?: RegExp): TokenShape {
  return { kind, grams: grams.split(' '), shape, ...(cut && { cut }) };
}

function edged(kind: string, grams: string, shape: RegExp, cut?: RegExp): TokenShape {
  return { ...plain(kind, grams, shape, cut), atEdge: 'word' };
}

/** Formats as their makers document them; docs/redaction.md names the sources. */
export const tokenShapes: readonly TokenShape[] = [
  edged(
    'aws-access-key',
    'akia asia abia acca',
    /A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Za-z0-9])/y,
    /A(?:KIA|SIA)[A-Z2-7]{4,15}$/y,
  ),
  plain('gcp-api-key', 'aiza', /AIza[\w-]{30,60}/y, /AIza[\w-]+$/y),
  edged('gcp-token', 'ya29', /ya29\.[\w-]{20,}/y, /ya29\.[\w-]+$/y),
  plain(
    'github-token',
    'ghp_ gho_ ghu_ ghs_ ghr_',
    /gh[pousr]_[A-Za-z0-9]{36,}/y,
    /gh[pousr]_[A-Za-z0-9]+$/y,
  ),
  { ...plain('github-token', 'ub_p', /github_pat_\w{50,}/y, /github_pat_\w+$/y), from: -4 },
  edged(
    'gitlab-token',
    'glpa gldt glrt glft glso glpt glcb glim glag gloa glff glwt',
    /gl(?:pat|dt|rtr?|ft|soat|ptt|cbt|imt|agent|oas|ffct|wt)-[\w.-]{20,}/y,
    /gl(?:pat|dt|rtr?|ft|soat|ptt|cbt|imt|agent|oas|ffct|wt)-[\w.-]+$/y,
  ),
  plain('gitlab-token', 'gr13', /GR1348941[\w-]{20,}/y, /GR1348941[\w-]+$/y),
  plain(
    'slack-token',
    'xoxb xoxp xoxa xoxr xoxs xoxe xoxo xoxd xapp',
    /x(?:ox[abdeoprs]|app)[-.][\w.%-]{10,}/y,
    /xox[abdeoprs]-[\w-]+$/y,
  ),
  plain('slack-webhook', 'ks.s', /ks\.slack\.com\/(?:services|workflows|triggers)\/[\w/+-]{20,}/y),
  plain('discord-webhook', 'ebho', /ebhooks\/\d{15,22}\/[\w-]{30,}/y),
  plain(
    'stripe-key',
    'sk_l sk_t rk_l rk_t',
    /[sr]k_(?:live|test)_[A-Za-z0-9]{10,}/y,
    /[sr]k_(?:live|test)_[A-Za-z0-9]+$/y,
  ),
  plain('webhook-secret', 'whse', /whsec_[A-Za-z0-9+/=]{24,}/y),
  edged('npm-token', 'npm_', /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y, /npm_[A-Za-z0-9]{12,35}$/y),
  plain('pypi-token', 'pypi', /pypi-AgE[\w-]{40,}/y, /pypi-AgE[\w-]+$/y),
  plain('docker-token', 'dckr', /dckr_[po]at_[\w-]{20,}/y, /dckr_[po]at_[\w-]+$/y),
  plain('digitalocean-token', 'dop_ doo_ dor_', /do[opr]_v1_[a-f0-9]{64}/y, /do[opr]_v1_[a-f0-9]+$/y),
  {
    ...plain('sendgrid-key', 'sg', /SG\.[\w-]{16,64}\.[\w-]{30,}/y, /SG\.[\w-]{16,64}\.[\w-]*$/y),
    grams: behind('sg.'),
    from: 1,
  },
  {
    // OpenAI, Anthropic and those who write their keys alike
    ...plain('api-key', 'sk', /sk-(?=[\w-]{0,60}[0-9A-Z])[\w-]{20,}/y, /sk-(?:ant|proj|or|svcacct)-[\w-]+$/y),
    grams: behind('sk-'),
    from: 1,
  },
  { ...plain('huggingface-token', 'hf', /hf_[A-Za-z0-9]{30,}/y), grams: behind('hf_'), from: 1 },
  edged('groq-key', 'gsk_', /gsk_[A-Za-z0-9]{40,}/y),
  edged('xai-key', 'xai-', /xai-[A-Za-z0-9]{60,}/y),
  edged('vault-token', 'hvs. hvb. hvr.', /hv[sbr]\.[\w-]{20,}/y, /hv[sbr]\.[\w-]{8,}$/y),
  plain('shopify-token', 'shpa shpc shps', /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/y),
  edged('databricks-token', 'dapi', /dapi[a-f0-9]{32}(?:-\d)?/y),
  edged('tailscale-key', 'tske', /tskey-[a-z]{2,10}-[\w-]{10,}/y),
  { ...plain('atlassian-token', 'tatt tctt', /AT[AC]TT3xFfGF0[\w=-]{20,}/y), from: -1 },
  plain('linear-key', 'lin_', /lin_(?:api|oauth)_[A-Za-z0-9]{32,}/y),
  edged('1password-token', 'ops_', /ops_eyJ[\w+/=]{100,}/y),
  edged('grafana-token', 'glsa glc_', /gl(?:sa|c)_[\w+/=-]{20,}/y),
  {
    ...plain('telegram-token', '', /\d:AA[\w-]{32,35}(?![\w-])/y),
    grams: digits.map((digit) => `${digit}:aa`),
  },
  plain('age-key', 'age-', /AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{20,}/y, /AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]*$/y),
  {
    // {"a… to {"z… in base64
    ...edged('jwt', '', /eyJ[\w-]{8,}\.[\w-]*\.[\w-]*(?:\.[\w-]+\.[\w-]+)?/y, /eyJ[\w-]{8,}(?:\.[\w-]*)?$/y),
    atEdge: 'run',
    grams: [...'hijklmnopqrstuvwxyz0123456'].map((next) => `eyj${next}`),
  },
  { ...plain('azure-sas', 'sig=', /(?<=[?&;"' ]sig=)[\w%+/=-]{20,}/y), from: 4 },
  { ...plain('aws-signature', 'ure=', /(?<=X-(?:Amz|Goog)-Signature=)[a-fA-F0-9]{32,}/y), from: 4 },
  {
    // crypt(5) and what is modelled on it
    ...plain(
      'password-hash',
      '',
      /\$(?:[1567]|2[abxy]?|y|gy|apr1|sha1|md5|argon2id?|argon2d|scrypt|pbkdf2[a-z0-9-]{0,10})\$[\w./=,+-]{1,128}(?:\$[\w./=,+-]{1,200}){0,4}/y,
    ),
    grams: [...'1567']
      .flatMap((id) => [...letters, ...digits, '.', '/'].map((salt) => `$${id}$${salt}`))
      .concat('$2a$', '$2b$', '$2y$', '$2x$', '$y$j', '$gy$', '$apr', '$sha', '$md5', '$arg', '$scr', '$pbk'),
  },
  plain(
    'password-hash',
    '{sha {ssh {cry {md5 {smd {pbk',
    /\{(?:S?SHA\d*|CRYPT|S?MD5|PBKDF2[\w-]{0,12})\}[\w./+=$,-]{16,}/iy,
  ),
];
