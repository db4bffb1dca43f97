import type { Context } from '../../context.ts';
import type { TextBody } from '../../define.ts';
import type { ComposeFile, ProjectDetail, Projects } from '../../operations/inspect/compose.ts';
import { containerTable, countStates, running, unreadNote } from './format-docker.ts';
import { count, factsOf, type Say, type Shown, table } from './shown.ts';

export function formatProjects({ projects, unread }: Projects, say: Say): Shown {
  return {
    heading: [count(projects.length, 'compose project'), ...unreadNote(unread)].join(', '),
    facts: factsOf({ what: 'compose', total: projects.length, unread: unread || undefined }),
    texts: {},
    tables: {
      projects: table(
        ['PROJECT', 'RUNNING', 'SERVICES', 'FILES'],
        projects.map((one) => ({
          cells: [
            say(one.project),
            `${one.running}/${one.containers}`,
            String(one.services),
            one.files.map(say).join(', '),
          ],
          facts: {
            project: say(one.project),
            services: one.services,
            running: one.running,
            containers: one.containers,
            files: one.files.map(say).join(', '),
            directory: say(one.directory),
          },
        })),
      ),
    },
  };
}

/** The containers by service, and every compose file as it is. */
export function formatProject(
  { containers, directory, files, project }: ProjectDetail,
  say: Say,
  clean: Context['clean'],
): Shown {
  const isOne = files.length === 1;
  return {
    heading: [countStates(containers, containers.length), count(files.length, 'compose file')].join(', '),
    facts: factsOf({
      what: 'compose',
      project: say(project),
      directory: say(directory),
      total: containers.length,
      running: running(containers),
    }),
    texts: Object.fromEntries(
      files.flatMap((file, at) =>
        fileBody(file, clean).map((body) => [isOne ? 'file' : `file_${at + 1}`, body]),
      ),
    ),
    tables: {
      containers: containerTable(containers, say),
      files: table(
        ['FILE', 'NOT SHOWN, FOR'],
        files.map((file) => ({
          cells: [say(file.path), file.problem ?? ''],
          facts: { file: say(file.path), problem: file.problem },
        })),
      ),
    },
  };
}

function fileBody({ content }: ComposeFile, clean: Context['clean']): readonly TextBody[] {
  return content === undefined ? [] : [{ text: clean(Buffer.from(content)), stays: 'head' }];
}
