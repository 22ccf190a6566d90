import { t } from "../i18n";
import { host } from "../platform";
import { Button, type ButtonProps } from "../ui/Button";
import { toast } from "../ui/Toast";

/** To the chat with the bot; not drawn where there is none. */
export function ChatButton({ label, variant = "primary" }: { label: string; variant?: ButtonProps["variant"] }) {
  const { openChat } = host;
  if (!openChat) return null;
  const go = async () => {
    if (!(await openChat())) toast(t("app.chat.failed"));
  };
  return (
    <Button variant={variant} onClick={() => void go()}>
      {label}
    </Button>
  );
}
