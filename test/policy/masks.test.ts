import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { judge } from '../../src/policy/index.ts';

const tools = mkdtempSync(join(tmpdir(), 'scout-masks-'));
afterAll(() => rmSync(tools, { recursive: true, force: true }));

/** What Docker 28 prints of a container whose environment was made to be hard to read. */
const inspected = String.raw`[
    {
        "Id": "76f3eb3deffbf94eb263a434ea818d1f8e3a73d0ba5dfde1d0d111b72f799b35",
        "Args": [],
        "Config": {
            "Hostname": "76f3eb3deffb",
            "Env": [
                "EMPTY=",
                "JSON={\"a\":[\"b\",\"s3cret-c\"],\"Env\":[\"x=s3cret-1\"]}",
                "BRACKET=]",
                "WE\"IRD=s3cret-weird",
                "API_KEY=s3cret=with=eq",
                "MULTI=line1\ns3cret-2 \"quoted\" \\back",
                "NAME_ONLY",
                "IMG_TOKEN=img-s3cret-1"
            ],
            "Cmd": [
                "/x",
                "--mode=fast"
            ],
            "Image": "tiny:1"
        },
        "Other": {
            "Env": null
        }
    }
]
`;

/** journalctl of systemd 252: text, text with escapes, bytes; in one line and pretty. */
const journal = String.raw`{"MESSAGE":"say \"COREDUMP_ENVIRON\":\"no\" = [x]","COREDUMP_ENVIRON":"A=s3cret\nB=\"s3cret]\"","_PID":"1"}
{"COREDUMP_ENVIRON":[115,51,99,114],"_PID":"2"}
{"COREDUMP_ENVIRON":["A=s3cret]","B=\"s3cret"],"_PID":"3"}
{
	"COREDUMP_ENVIRON" : "A=s3cret",
	"_PID" : "4"
}
{
	"COREDUMP_ENVIRON" : [
		115,
		51
	],
	"_PID" : "5"
}
`;

const unit = String.raw`# /etc/systemd/system/web.service
[Service]
Environment=PLAIN=s3cret
Environment="QUOTED=s3cret with \"blanks\"" OTHER=s3cret 'SINGLE=s3cret x'
Environment=FIRST=s3cret \
  SECOND=s3cret \
# a comment of s3cret
  ; another
  "THIRD=s3cret"
Environment = MIXED=s3"cret x"y
#Environment=OLD=s3cret
Environment=
EnvironmentFile=/etc/default/web
PassEnvironment=HOME
SetCredential=token:s3cret
ExecStart=/usr/bin/web --env=prod
Environment=LAST=s3cret \
`;

const shells = [['/bin/dash'], ['/bin/bash'], ['/bin/busybox', 'sh']];
for (const [name, text] of Object.entries({ docker: inspected, journalctl: journal, systemctl: unit })) {
  writeFileSync(join(tools, `${name}.txt`), text);
  writeFileSync(join(tools, name), `#!/bin/sh\n/bin/cat ${tools}/${name}.txt\necho said >&2\nexit 7\n`);
  chmodSync(join(tools, name), 0o755);
}
for (const applet of ['sed', 'cat', 'head', 'grep', 'cut']) {
  symlinkSync(`/bin/${applet}`, join(tools, applet));
}
const busyBox = join(tools, 'busybox');
mkdirSync(busyBox);
symlinkSync('/bin/busybox', join(busyBox, 'sed'));

function run(shell: readonly string[], command: string) {
  const verdict = judge(command);
  if (!verdict.allowed) throw new Error(verdict.refusal.reason);
  const [program = '', ...first] = shell;
  const script = `${verdict.masks}\n${verdict.canonical}`;
  return spawnSync(program, [...first, '-c', script], {
    encoding: 'utf8',
    env: { PATH: program.endsWith('busybox') ? `${busyBox}:${tools}` : tools },
    cwd: tools,
    stdio: ['ignore', 'pipe', 'pipe'], // of a socket bash would think that it was started by rshd
  });
}

describe.each(shells)('what %s %s prints of an environment', (...shell) => {
  it('has the names and not the values: docker inspect', () => {
    const { stdout, stderr, status } = run(shell, 'docker inspect web');
    expect(stdout).not.toContain('s3cret');
    for (const name of ['EMPTY', 'JSON', 'BRACKET', 'API_KEY', 'MULTI', 'IMG_TOKEN']) {
      expect(stdout).toContain(`"${name}=[redacted:environment]"`);
    }
    expect(JSON.parse(stdout)[0].Config.Env).toHaveLength(8);
    const rest = (text: string) => text.replace(/"Env": \[[^$]*?\n {12}\]/, '');
    expect(rest(stdout)).toBe(rest(inspected));
    expect([stderr, status]).toEqual(['said\n', 7]);
  });

  it('has none in a pipe either', () => {
    const { stdout } = run(shell, 'docker inspect web | grep -A 9 \'"Env"\' | cut -d= -f2');
    expect(stdout).not.toContain('s3cret');
    expect(stdout).toContain('[redacted:environment]');
    expect(run(shell, 'docker inspect web && true').status).toBe(7);
    expect(run(shell, '! docker inspect web').status).toBe(0);
    expect(run(shell, 'docker inspect web | head -1').stdout).toBe('[\n');
  });

  it('is masked in a journal that is JSON', () => {
    const { stdout, status } = run(shell, 'journalctl -o json -n 5');
    expect(stdout).not.toMatch(/s3cret|115/);
    expect(stdout.match(/_PID" ?: ?"\d"/g)).toHaveLength(5);
    expect(stdout).toContain(String.raw`{"MESSAGE":"say \"COREDUMP_ENVIRON\":\"no\" = [x]"`);
    expect(stdout.match(/redacted:environment/g)).toHaveLength(5);
    expect(status).toBe(7);
  });

  it('is masked in the file of a unit', () => {
    const { stdout } = run(shell, 'systemctl cat web');
    expect(stdout).not.toContain('s3cret');
    expect(stdout).toContain('Environment=PLAIN=[redacted:environment]\n');
    for (const name of ['QUOTED', 'OTHER', 'SINGLE', 'FIRST', 'SECOND', 'THIRD', 'OLD']) {
      expect(stdout).toContain(`${name}=[redacted:environment]`);
    }
    for (const line of [
      'EnvironmentFile=/etc/default/web',
      'PassEnvironment=HOME',
      'ExecStart=/usr/bin/web --env=prod',
    ]) {
      expect(stdout).toContain(`${line}\n`);
    }
    expect(stdout).toContain('SetCredential=token:[redacted:environment]');
  });
});

describe('a mask', () => {
  it('is there only where it is needed, and not in the command', () => {
    for (const command of ['docker ps', 'journalctl -n 5', 'systemctl status x', 'systemctl show x', 'ls']) {
      expect(judge(command)).toMatchObject({ allowed: true, masks: '' });
    }
    expect(judge('docker inspect web')).toMatchObject({ canonical: "'docker' 'inspect' '--' 'web'" });
    expect(judge('systemctl status -o json x')).toMatchObject({
      masks: expect.stringContaining('systemctl()'),
    });
  });

  it.each([
    'docker inspect -f json web',
    "docker inspect -f '{{json .}}' web",
    "docker inspect -f '{{.Config}}' web",
    "docker inspect -f '{{json .Config.Env}}' web",
    "docker inspect -f '{{range .Config.Env}}{{.}}{{end}}' web",
    "docker inspect -f '{{index .Config.Env 0}}' web",
    "docker inspect -f '{{with .Config}}{{.Env}}{{end}}' web",
    "docker inspect -f '{{.}}' web",
    'systemctl show -p Environment x',
    'systemctl show-environment',
    'journalctl -o verbose',
    'journalctl -o export',
    'journalctl --output-fields=COREDUMP_ENVIRON',
    'docker compose config',
    'docker top web e',
    'ps auxe',
    'ps e',
    'ps -o environ',
    'ps -E',
    'pgrep --env x y',
    'printenv',
  ])('is not tried, and nothing run, for %s', (command) => {
    expect(judge(command).allowed).toBe(false);
  });
});
