import { useState } from "preact/hooks";
import { Copy } from "./copy";
import { Answered, Confirm, Failed, PageHead, Said, Section } from "./parts";
import { say } from "./say";
import { useAsked, useDoing } from "./use-desk";

const ROLES = ["member", "owner"] as const;
type Role = (typeof ROLES)[number];
type Member = { id: string; name: string; email: string; role: Role };
type Invitation = { role: Role; link: string };

interface TeamPageProps {
  domain: string;
  /** The id of the person who looks. */
  me: string;
}

/** Who belongs to a domain's team, and the links into it. */
export function TeamPage({ domain, me }: TeamPageProps) {
  const path = `domains/${domain}/team`;
  const asked = useAsked<{ members: Member[]; invitations: Invitation[] }>(path);
  const doing = useDoing();
  const [said, setSaid] = useState<string | null>(null);

  async function act(at: string, method: "POST" | "PUT" | "DELETE", body: object, done: string | null) {
    setSaid(null);
    if ((await doing.send(`${path}/${at}`, body, method)) !== null) setSaid(done);
    await asked.reload(); // also after a failure: a choice goes back to what is true
  }

  return (
    <>
      <PageHead title={say("team")} hint={say("team.hint")} />
      <Failed doing={doing} />
      <Said text={said} />
      <Answered asked={asked}>
        {({ members, invitations }) => (
          <>
            <Section title={say("team.invite")} hint={say("team.invite.hint")}>
              <ul class="rows">
                {ROLES.map((role) => (
                  <Ways
                    key={role}
                    role={role}
                    link={invitations.find((each) => each.role === role)?.link ?? null}
                    onMake={() => void act("invitations", "POST", { role }, null)}
                    onRevoke={() =>
                      act(`invitations/${role}`, "DELETE", {}, say("team.link.revoked", { role: say(`role.${role}`) }))
                    }
                  />
                ))}
              </ul>
            </Section>
            <Section title={say("team.count", { count: members.length })}>
              <ul class="rows">
                {members.map((member) => (
                  <MemberRow
                    key={`${member.id} ${member.role}`}
                    member={member}
                    isMe={member.id === me}
                    onRole={(role) =>
                      void act(`members/${member.id}`, "PUT", { role }, say("team.changed", { name: member.name, role: say(`role.${role}`) }))
                    }
                    onRemove={() =>
                      act(`members/${member.id}`, "DELETE", {}, say("team.removed", { name: member.name }))
                    }
                  />
                ))}
              </ul>
            </Section>
          </>
        )}
      </Answered>
    </>
  );
}

interface WaysProps {
  role: Role;
  link: string | null;
  onMake: () => void;
  onRevoke: () => Promise<void>;
}

function Ways({ role, link, onMake, onRevoke }: WaysProps) {
  const name = say(`role.${role}`);
  return (
    <li class="row">
      <div class="row-words">
        <p class="row-title">{say(`team.link.${role}`)}</p>
        {link ? <p class="quiet small link-text">{link}</p> : <p class="quiet small">{say("team.link.none")}</p>}
      </div>
      <div class="buttons">
        {link === null ? (
          <button type="button" class="button button-quiet button-small" onClick={onMake}>
            {say("team.link.make")}
            <span class="visually-hidden"> {say("team.link.of", { role: name })}</span>
          </button>
        ) : (
          <>
            <Copy
              text={link}
              label={say("copy")}
              of={say("team.link.of", { role: name })}
              done={say("team.link.copied")}
              byHand={say("team.link.by-hand", { role: name })}
            />
            <Confirm
              label={say("team.link.revoke")}
              of={say("team.link.of", { role: name })}
              question={say("team.link.question")}
              hint={say("team.link.question.hint")}
              yes={say("team.link.revoke")}
              onYes={onRevoke}
            />
          </>
        )}
      </div>
    </li>
  );
}

interface MemberRowProps {
  member: Member;
  isMe: boolean;
  onRole: (role: Role) => void;
  onRemove: () => Promise<void>;
}

function MemberRow({ member, isMe, onRole, onRemove }: MemberRowProps) {
  const { name, email, role } = member;
  return (
    <li class="row">
      <div class="row-words">
        <p class="row-title">
          {name} {isMe && <span class="chip">{say("team.you")}</span>}
        </p>
        <p class="quiet small">{email}</p>
      </div>
      <div class="buttons">
        <label class="inline-choice">
          <span class="visually-hidden">{say("team.role.of", { name })}</span>
          <select value={role} onChange={(event) => onRole(event.currentTarget.value as Role)}>
            {ROLES.map((each) => (
              <option key={each} value={each}>
                {say(`role.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <Confirm
          label={say("team.remove")}
          of={name}
          question={say("team.remove.question", { name })}
          hint={say("team.remove.hint")}
          yes={say("team.remove.yes")}
          onYes={onRemove}
        />
      </div>
    </li>
  );
}
