internal import Glibc

/// Says what keeps anybody from telling whether something is at `path`, where nothing is to be seen, and what to do; nil
/// where it is there, or known to be absent.
///
/// The sandbox of a unit puts an empty directory of mode 000 over what is hidden from it, and only what has the capability
/// to look into that is told that nothing is there.
///
/// - SeeAlso: <https://www.freedesktop.org/software/systemd/man/252/systemd.exec.html#ProtectHome=>
package func hiding(of path: String) -> String? {
    do throws(PathError) {
        _ = try PathWalk(to: path)
        return nil
    } catch {
        // What is missing is behind all links; what it is missing from is there.
        guard error.number == ENOENT, error.path.contains("/") else { return nil }
        let parent = parentDirectory(of: error.path)
        guard let directory = try? FileAccess(ofPath: parent), directory.isDirectory, directory.mode & 0o7777 == 0
        else {
            return nil
        }
        return "hidden: \(parent) has no permissions at all, as a unit's sandbox has it with ProtectHome=yes; give the "
            + "unit ProtectHome=read-only, as the drop-in in /usr/share/doc/postured/examples does"
    }
}
