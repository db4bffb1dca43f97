/** How `docker run` is called for the containers of these tests; `directory` holds the compose file. */
export function containerArguments(directory: string): Readonly<Record<string, readonly string[]>> {
  const label = (name: string, value: string) => ['-l', `com.docker.compose.${name}=${value}`];
  return {
    plain: [image, '/bin/sleep', '1000'],
    failed: ['--restart', 'on-failure:2', '-e', 'SECRET=hunter2', image, '/bin/sh', '-c', 'exit 3'],
    sick: [
      ...['--health-cmd', 'echo not well; false', '--health-interval', '1s', '--health-retries', '1'],
      ...['-e', 'SECRET=hunter2', '-v', `${directory}:/data:ro`],
      ...label('project', 'shop'),
      ...label('service', 'web'),
      ...label('project.config_files', `${directory}/compose.yaml,${directory}/override.yaml`),
      ...label('project.working_dir', directory),
      ...[image, '/bin/sleep', '1000'],
    ],
    // a buffer larger than it may have; harmless where the engine cannot limit memory
    hungry: ['-m', '16m', image, '/bin/dd', 'if=/dev/zero', 'of=/dev/null', 'bs=64M', 'count=1'],
  };
}

export const image = 'scout-test:1';

export const composeFile =
  'services:\n  web:\n    image: scout-test:1\n    environment:\n      TOKEN: ghp_0123456789abcdefghijABCDEFGHIJ012345\n';
