import { expect, it } from 'vitest';
import type { TestScout } from '../fixtures/scout.ts';
import { resultOf } from '../tools/structured.ts';

/** What is true of the containers of `containerArguments`, whether an engine runs them or its output is replayed. */
export function dockerFacts(scout: () => TestScout, directory: () => string): void {
  const inspect = async (what: string, name?: string) =>
    await scout().call('scout_inspect', { hosts: 'web1', what, ...(name !== undefined && { name }) });

  it('says of every container how it is and why it ended, those in trouble first', async () => {
    const answer = await inspect('docker');
    const result = resultOf('scout_inspect', answer);
    expect(result).toMatchObject({ what: 'docker', total: 4, running: 2 });
    expect(result.containers).toMatchObject([
      { name: 'failed', state: 'exited', exit_code: 3, restarts: 2, restart_policy: 'on-failure' },
      { name: 'hungry', state: 'exited', exit_code: 137, oom_killed: true },
      { name: 'sick', state: 'running', health: 'unhealthy', project: 'shop', service: 'web' },
      { name: 'plain', state: 'running', restarts: 0 },
    ]);
    expect(answer.text).toMatch(/^web1: 4 containers: 2 exited, 2 running\n/);
    expect(answer.text).toMatch(/^hungry +exited 137 \(out of memory\) at \d{4}-\S+Z /m);
    expect(answer.text).toMatch(/^failed +exited 3 at \d{4}-\S+Z +2 /m);
    expect(answer.text).toMatch(/^sick +running \(unhealthy\) since \d{4}-\S+Z /m);
  });

  it('shows one container without the values of its environment', async () => {
    const answer = await inspect('docker', 'sick');
    expect(resultOf('scout_inspect', answer)).toMatchObject({
      name: 'sick',
      state: 'running',
      health: 'unhealthy',
    });
    expect(answer.text).toMatch(/^environment +.*SECRET=\*\*\*/m);
    expect(answer.text).toMatch(/^check +exit 1: not well$/m);
    expect(answer.text).toMatch(/^mount +bind \S+ -> \/data \(read-only\)$/m);
    expect(answer.text).toMatch(/^command +\/bin\/sleep 1000$/m);
    expect(answer.text + JSON.stringify(answer.structured)).not.toContain('hunter2');
  });

  it('lists the compose projects by their labels, without the plugin', async () => {
    const answer = await inspect('compose');
    expect(resultOf('scout_inspect', answer).projects).toEqual([
      {
        project: 'shop',
        services: 1,
        running: 1,
        containers: 1,
        files: `${directory()}/compose.yaml, ${directory()}/override.yaml`,
        directory: directory(),
      },
    ]);
    expect(answer.text).toMatch(/^shop +1\/1 +1 /m);
  });

  it('shows a project with its containers and its files, redacted; one that is gone is said to be', async () => {
    const answer = await inspect('compose', 'shop');
    const result = resultOf('scout_inspect', answer);
    expect(result).toMatchObject({ project: 'shop', containers: [{ name: 'sick', service: 'web' }] });
    expect(result.files).toEqual([
      { file: `${directory()}/compose.yaml` },
      { file: `${directory()}/override.yaml`, problem: 'it is not there any more' },
    ]);
    expect(result.file_1).toContain('    image: scout-test:1\n');
    expect(answer.text).toContain('[redacted:');
    expect(answer.text + JSON.stringify(answer.structured)).not.toContain('ghp_');
  });

  it('says that there is no such container or project', async () => {
    for (const [what, name] of [
      ['docker', 'nosuch'],
      ['compose', 'nosuch'],
    ] as const) {
      const answer = await inspect(what, name);
      expect(answer.error?.code).toBe('not_available');
      expect(answer.text).toMatch(/^not_available: web1 has no container .*"nosuch"\nFix: /);
    }
  });
}
