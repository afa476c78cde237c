import { Wordmark } from "../ui/wordmark";
import { type ApiDocument, type Group, groupsOf } from "./document";
import { Described } from "./described";
import { OperationSection } from "./operation";
import { say } from "./say";

/** The whole page: what the document says, with nothing to switch. */
export function DocsPage({ api, failed = false }: { api?: ApiDocument; failed?: boolean }) {
  if (api) return <Reference api={api} groups={groupsOf(api)} />;
  return (
    <main class="outside">
      <div class="sign-in">
        <Wordmark name={say("product")} />
        <h1>{say("title")}</h1>
        <p role="status">{say(failed ? "unreachable" : "loading")}</p>
      </div>
    </main>
  );
}

function Reference({ api, groups }: { api: ApiDocument; groups: readonly Group[] }) {
  return (
    <div class="docs">
      <header class="docs-header">
        <Wordmark name={say("product")} />
        <a href="/openapi.json">{say("file")}</a>
      </header>
      <nav class="docs-contents" aria-label={say("contents")}>
        <Contents groups={groups} />
      </nav>
      <main class="docs-main">
        <Beginning api={api} />
        {groups.map((group) => (
          <section key={group.id} aria-labelledby={group.id}>
            <h2 id={group.id}>{titleOf(group)}</h2>
            <p class="docs-lead">
              <Described text={group.description} />
            </p>
            {group.entries.map((entry) => (
              <OperationSection key={entry.operation.operationId} api={api} entry={entry} />
            ))}
          </section>
        ))}
      </main>
    </div>
  );
}

function titleOf({ name }: Group): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function Contents({ groups }: { groups: readonly Group[] }) {
  return (
    <ul>
      {groups.map((group) => (
        <li key={group.id}>
          <details>
            <summary>{titleOf(group)}</summary>
            <ul>
              {group.entries.map(({ method, operation }) => (
                <li key={operation.operationId}>
                  <a href={`#${operation.operationId}`}>
                    {operation.summary} <small>{method}</small>
                  </a>
                </li>
              ))}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  );
}

function Beginning({ api }: { api: ApiDocument }) {
  return (
    <section class="docs-beginning">
      <h1>{say("title")}</h1>
      <p class="docs-lead">{api.info.summary}</p>
      <p>
        <Described text={api.info.description ?? ""} />
      </p>
      <dl class="docs-facts">
        <dt>{say("base")}</dt>
        <dd>
          <code>{api.servers[0]?.url}</code>
        </dd>
        <dt>{say("keys")}</dt>
        {Object.entries(api.components.securitySchemes).map(([name, { description }]) => (
          <dd key={name}>
            <Described text={description ?? name} />
          </dd>
        ))}
      </dl>
    </section>
  );
}
