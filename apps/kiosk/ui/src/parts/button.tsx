import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

/** A large button with a name for tests and remote help (`data-action`). Off means greyed, and said so to screen readers. */
export function Button({
  action,
  tone = "plain",
  icon,
  off = false,
  pressed,
  label,
  className,
  onPress,
  children,
}: {
  action: string;
  tone?: "primary" | "plain" | "quiet" | "danger";
  icon?: IconName;
  off?: boolean;
  pressed?: boolean;
  label?: string;
  className?: string;
  onPress: () => void;
  children?: ReactNode;
}) {
  return (
    <button
      type="button"
      className={`button button-${tone}${className ? ` ${className}` : ""}`}
      data-action={action}
      disabled={off}
      aria-pressed={pressed}
      aria-label={label}
      onClick={onPress}
    >
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
