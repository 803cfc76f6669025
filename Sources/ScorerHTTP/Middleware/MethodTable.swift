internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

/// Which methods each path has: what tells a wrong method from a wrong path.
final class MethodTable: Sendable {
    private let routes = Mutex<[(parts: [String], method: HTTPRequest.Method)]>([])

    /// Takes the routes of a router that has all of them.
    func take(_ router: Router<BasicRequestContext>) {
        let all = router.routes.map { (Self.parts("\($0.path)"), $0.method) }
        routes.withLock { $0 = all }
    }

    /// The methods of this path, in order; none where there is no such path.
    func methods(of path: String) -> [HTTPRequest.Method] {
        let parts = Self.parts(path)
        let methods = routes.withLock { routes in
            routes.filter { route in
                route.parts.count == parts.count
                    && zip(route.parts, parts).allSatisfy { $0 == $1 || $0.hasPrefix(":") || $0.hasPrefix("{") }
            }.map(\.method)
        }
        // The router answers it wherever it answers GET.
        let all = Set(methods).union(methods.contains(.get) ? [.head] : [])
        return all.sorted { $0.rawValue < $1.rawValue }
    }

    private static func parts(_ path: String) -> [String] {
        path.split(separator: "/").map(String.init)
    }
}
