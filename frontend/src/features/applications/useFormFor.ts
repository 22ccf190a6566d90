import { useEffect, useState } from "preact/hooks";

import type { ApplicationView, CompiledForm } from "../../api/types";
import { data } from "../../app/data";

/** The form of an application that is still on its way itself. */
export function useFormFor(view: ApplicationView | undefined): CompiledForm | null {
  const resource = view ? data.form(view.form) : null;
  const [, redraw] = useState(0);
  useEffect(() => {
    if (!resource) return;
    void resource.refresh();
    return resource.data.subscribe(() => redraw((count) => count + 1));
  }, [resource]);
  return resource?.data.value?.form ?? null;
}
