import type { SharedItem } from "@gridhall/domain/seats/assist.ts";
import { useKiosk, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";
import { ScrollArea } from "../parts/scrollArea.tsx";

/** Something to read that the agent has laid beside the page. */
export function SharedSheet({ item }: { item: SharedItem }) {
  const { act } = useKiosk();
  const { t, pick } = useWords();
  return (
    <div className="call-side" data-testid="call-shared-item" data-item={item.itemId}>
      <ScrollArea>
        <article className="call-words call-reading">
          <span className="chip">{t(`call.shared-${item.kind}`)}</span>
          <h2 className="call-heading">{pick(item.title)}</h2>
          {pick(item.body)
            .split(/\n+/)
            .map((paragraph, index) => (
              <p key={index}>{paragraph}</p>
            ))}
        </article>
      </ScrollArea>
      <Button
        action="call-put-away"
        testId="call-put-away"
        tone="primary"
        onPress={() => act({ type: "call-put-away" })}
      >
        {t("call.put-away")}
      </Button>
    </div>
  );
}
