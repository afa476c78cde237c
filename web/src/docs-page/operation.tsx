import { Described } from "./described";
import { type Answer, type ApiDocument, answerOf, commandOf, type Entry, jsonOf, type Operation } from "./document";
import { Fields, Field } from "./fields";
import { say } from "./say";

/** One thing that can be asked: what it takes and answers, and an example of both. */
export function OperationSection({ api, entry }: { api: ApiDocument; entry: Entry }) {
  const { method, path, operation } = entry;
  const done = answerOf(api, operation.responses["200"] ?? {});
  return (
    <article class="operation" aria-labelledby={operation.operationId}>
      <h3 id={operation.operationId}>{operation.summary}</h3>
      <p class="operation-address">
        <span class={`method method-${method.toLowerCase()}`}>{method}</span> <code>{path}</code>
      </p>
      <div class="operation-columns">
        <div class="operation-words">
          {operation.description && (
            <p>
              <Described text={operation.description} />
            </p>
          )}
          <Parameters api={api} operation={operation} />
          <Body api={api} operation={operation} />
          <Result api={api} answer={done} />
          <Failures api={api} operation={operation} />
        </div>
        <div class="operation-examples">
          <Example title={say("example.request")} text={commandOf(api, entry)} />
          <ResultExample answer={done} />
        </div>
      </div>
    </article>
  );
}

function Parameters({ api, operation }: { api: ApiDocument; operation: Operation }) {
  if (!operation.parameters?.length) return null;
  return (
    <>
      <h4>{say("address")}</h4>
      <dl class="fields">
        {operation.parameters.map(({ name, schema, required = false, description }) => (
          <Field key={name} api={api} name={name} schema={description ? { ...schema, description } : schema} required={required} />
        ))}
      </dl>
    </>
  );
}

function Body({ api, operation }: { api: ApiDocument; operation: Operation }) {
  const schema = jsonOf(operation.requestBody)?.schema;
  if (!schema) return null;
  return (
    <>
      <h4>
        {say("body")} {!operation.requestBody?.required && <small>{say("optional")}</small>}
      </h4>
      <Fields api={api} schema={schema} />
    </>
  );
}

function Result({ api, answer }: { api: ApiDocument; answer: Answer }) {
  const schema = jsonOf(answer)?.schema;
  if (!schema) return null;
  return (
    <>
      <h4>{say("answer")}</h4>
      <Fields api={api} schema={schema} isAnswer />
    </>
  );
}

function Failures({ api, operation }: { api: ApiDocument; operation: Operation }) {
  const failures = Object.entries(operation.responses).filter(([status]) => status !== "200");
  if (failures.length === 0) return null;
  return (
    <>
      <h4>{say("failures")}</h4>
      <dl class="failures">
        {failures.map(([status, answer]) => (
          <div key={status}>
            <dt>{status}</dt>
            <dd>{answerOf(api, answer).description}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function ResultExample({ answer }: { answer: Answer }) {
  const example = jsonOf(answer)?.example;
  if (example === undefined) return null;
  return <Example title={say("example.answer", { status: 200 })} text={JSON.stringify(example, null, 2)} />;
}

function Example({ title, text }: { title: string; text: string }) {
  return (
    <figure class="example">
      <figcaption>{title}</figcaption>
      <pre tabIndex={0} role="group" aria-label={title}>
        {text}
      </pre>
    </figure>
  );
}
