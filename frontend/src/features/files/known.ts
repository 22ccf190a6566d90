import { files, type FileView } from "../../api/files";
import { resource, type Resource } from "../../app/data";

/** What is known of an attached file, by its id; kept on the device like every answer of the server. */
export function fileOf(id: string): Resource<FileView> {
  return resource<FileView>(`file:${id}`, () => files.info(id));
}
