import { Refused } from '../refusal.ts';

const path = String.raw`(?:\.\w+)+`;
const action = new RegExp(
  String.raw`^(?:(?<json>json +)?(?<value>${path}|\.|\$\w+(?:\.\w+)*)|range +(?:\$\w+ *(?:, *\$\w+ *)?:= *)?(?<range>${path})|(?:if|with) +(?<test>${path})|else|end|println|"[^"\\]*")$`,
);
/** Parts that hold an environment, which may be printed neither whole nor by themselves. */
const holders =
  /\.(?:Env|Spec|PreviousSpec|Settings|ContainerConfig|ImageConfig|CreateCommand)(?![A-Za-z])|\.Config$/i;

/**
 * Refuse a template of Go for `docker inspect` that may print an environment. Known are fields, `json`, `range`,
 * `if`, `with`, `else`, `end`, texts and variables; the whole object may be printed only inside of a range.
 */
export function checkTemplate(template: string): void {
  if (template.trim().toLowerCase() === 'json') refuse(template); // all of the object on one line
  const open: boolean[] = [];
  for (let start = template.indexOf('{{'); start >= 0; start = template.indexOf('{{', start)) {
    const end = template.indexOf('}}', start + 2);
    if (end < 0) refuse(template);
    const whole = template.slice(start, end + 2);
    start = end + 2;
    const inner = whole.slice(2, -2).replace(/^-/, '').replace(/-$/, '').trim();
    const groups = action.exec(inner)?.groups;
    const field = groups?.value ?? groups?.range ?? groups?.test ?? '';
    if (!groups || holders.test(field) || (field === '.' && !open.includes(true))) refuse(whole);
    if (groups.range !== undefined || groups.test !== undefined) open.push(!inner.startsWith('if'));
    // After the else of a range the dot is what it was outside of it.
    if (inner === 'else' && open.at(-1) !== false) refuse(whole);
    if (inner === 'end') open.pop();
  }
}

function refuse(text: string): never {
  throw new Refused(
    text,
    'a template of more than known fields, which may print an environment, and so secrets',
    "fields such as '{{.State.Status}}' or '{{json .NetworkSettings}}'; or docker inspect without a template",
  );
}
