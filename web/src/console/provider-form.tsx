import { useState } from "preact/hooks";
import { Confirm, Section } from "./parts";
import { say } from "./say";
import type { Doing } from "./use-desk";

export type Provider = { base_url: string | null; has_key: boolean };

interface ProviderFormProps {
  provider: Provider;
  doing: Doing;
  onForget: () => Promise<unknown>;
  onSave: (provider: { base_url: string | null; api_key: string }) => Promise<boolean>;
}

/** Where an organization has its rooms, and a new key there; the one that is stored is never shown. */
export function ProviderForm({ provider, doing, onForget, onSave }: ProviderFormProps) {
  const [isOwn, setOwn] = useState(provider.base_url === null);
  const [address, setAddress] = useState(provider.base_url ?? "https://api.daily.co/v1");
  const [key, setKey] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await onSave({ base_url: isOwn ? null : address.trim(), api_key: key.trim() })) setKey("");
  };
  const state = !provider.has_key ? "provider.none" : provider.base_url ? "provider.elsewhere" : "provider.here";
  return (
    <Section title={say("provider")} hint={say("provider.hint")}>
      <p>{say(state, { address: provider.base_url ?? "" })}</p>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <fieldset class="choices">
          <legend class="visually-hidden">{say("provider")}</legend>
          <label>
            <input type="radio" name="provider" checked={isOwn} onChange={() => setOwn(true)} /> {say("provider.own")}
          </label>
          <label>
            <input type="radio" name="provider" checked={!isOwn} onChange={() => setOwn(false)} /> {say("provider.daily")}
          </label>
        </fieldset>
        {!isOwn && (
          <div class="field">
            <label for="address">{say("provider.address")}</label>
            <input
              id="address"
              type="url"
              required
              spellcheck={false}
              value={address}
              onInput={(event) => setAddress(event.currentTarget.value)}
            />
          </div>
        )}
        <div class="field">
          <label for="key">{say("provider.key")}</label>
          <input
            id="key"
            type="password"
            required
            autocomplete="off"
            spellcheck={false}
            value={key}
            aria-describedby="key-hint"
            onInput={(event) => setKey(event.currentTarget.value)}
          />
          <p id="key-hint" class="quiet small">
            {say("provider.key.hint")}
          </p>
        </div>
        <div class="buttons">
          <button type="submit" class="button button-primary" aria-disabled={doing.busy}>
            {say("provider.save")}
          </button>
          {provider.has_key && (
            <Confirm
              label={say("provider.forget")}
              of={say("provider")}
              question={say("provider.forget.question")}
              hint={say("provider.forget.hint")}
              yes={say("provider.forget.yes")}
              onYes={onForget}
            />
          )}
        </div>
      </form>
    </Section>
  );
}
