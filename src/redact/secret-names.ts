/** How the names of secrets end, without case and without what divides their words. */
const endings =
  /(?:passw(?:or)?d|passphrase|passwort|secret|secret\w{0,3}key|secretkeybase|token|api\w{0,3}key|(?:access|private|account|shared|preshared|encryption|encrypt|signing|master|auth|storage|consumer|client|session|service|license|root|admin)key|psk|(?:bind|root|admin|user|ldap|db)pw|masterauth|requirepass|authtok)\d{0,4}$/;
/** Short ones, which end other words, too: only as a word of their own. */
const asWord = /(?:^|[_.-])(?:pass|pwd|pw)\d{0,3}$|^(?:db|my|root|user|smtp|mail|admin|ftp)(?:pass|pwd)$/i;
const asCamel = /[a-z](?:Pass|Pwd)\d{0,3}$/;
/** Names that end so and hold none. */
const harmless =
  /^(?:OLDPWD|PWD|NOPASSWD|unix_chkpwd|p?wd)$|(?:no|ask|empty|change|reset|forgot|need|require|has|is|next|page|continuation|cancell?ation|csrf|id|max|min|per|stop|bos|eos|pad|unk|special|unexpected|invalid|user)[_-]?(?:passw(?:or)?d|page[_-]?token|token)s?$/i;

export type NameKind = 'password' | 'token' | 'secret';

/** What a value of that name would be; undefined where a name says nothing of secrets. */
export function secretName(name: string): NameKind | undefined {
  const short = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (!endings.test(short) && !asWord.test(name) && !asCamel.test(name)) return undefined;
  if (harmless.test(name) && !/^(?:user|root|admin)[_-]?passw/i.test(name)) return undefined;
  if (/token\d*$/.test(short)) return 'token';
  return /(?:pass|pwd|pw|passw(?:or)?d|passphrase|passwort)\d*$/.test(short) ? 'password' : 'secret';
}

const words =
  /^(?:null|none|nil|undefined|true|false|yes|no|on|off|n\/a|required|optional|requisite|sufficient|include|enabled?|disabled?|default|unset|prompt|ask|env|file|string|bool|boolean|int|integer|text|bearer|basic|files|compat|systemd|sss|ldap|nis|winbind|db|never|always|auto|inherit|empty|hidden|redacted|removed|masked|invalid|expired|missing|unchanged|sha-?256|sha-?512|bcrypt|yescrypt|md5|plain|scram-sha-256|secretref|readonly)$/i;
const placeholders =
  /^(?:\$[A-Za-z_]\w*|\$\{[^}]*\}?.*|\$\(.*|\$\$.*|\{\{.*|%\([\w.]*\)s|%[A-Za-z_]\w*%|<[^>]*>?|\[[^\]]*\]?|&lt;.*|@[\w.-]+@|#\{.*|\*+|x{3,}|X{3,}|\.{3,}|…+|-+|\?+|!(?:vault|secret|env|ref|sub|getatt)\b.*|enc\[.*|\(.*|\{.*|\[redacted:[a-z0-9-]+\].*)$/i;
const paths = /^(?:file:\/\/|~|\.{1,2})?\/(?:[\w.@%+-]{1,40}\/){0,20}[\w.@%-]{0,40}$/;
/** A program that fetches it: `os.environ["X"]`, `getpass()`, `self.password`. */
const code =
  /^(?:[A-Za-z_][\w.]*[([].*|(?:this|self|cls|config|process|os|env|settings|options|opts|args|params|var|data|local|module|each|request|req|ctx|secrets|vault|Deno|import|new|await|return)[.:\s].*)$/;

/** A key in a string is a matter of its own rule. */
const marker = /^(?:-{4,5} ?BEGIN |PuTTY-User-Key-File)/;

/** Whether what is assigned is no secret itself: nothing, a switch, a placeholder, a path, or code. */
export function isHarmlessValue(value: string, kind: NameKind): boolean {
  if (marker.test(value)) return true;
  if (value.length > 300) return false;
  if (value === '' || words.test(value) || placeholders.test(value)) return true;
  if (paths.test(value) && !/\/[A-Za-z0-9]{24,}$/.test(value)) return true;
  if (code.test(value)) return true;
  return kind !== 'password' && (value.length < 6 || /^\d{1,7}$/.test(value));
}
