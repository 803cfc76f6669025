internal import Hummingbird
internal import PostureModel
internal import Synchronization

/// A number of bytes that requests may hold together, and how many they hold now.
///
/// Memory is bounded by the sum of the budgets, plus what each connection holds without asking: see ``ByteAllowance``.
final class ByteBudget: Sendable {
    private struct State {
        var held = 0
        var peak = 0
    }

    let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// The bytes that are held now.
    var held: Int { state.withLock { $0.held } }
    /// The most bytes that were held at any time; never more than `limit`.
    var peak: Int { state.withLock { $0.peak } }

    fileprivate func take(_ bytes: Int) -> Bool {
        state.withLock { state in
            guard state.held + bytes <= limit else { return false }
            state.held += bytes
            state.peak = max(state.peak, state.held)
            return true
        }
    }

    fileprivate func give(_ bytes: Int) { state.withLock { $0.held -= bytes } }
}

/// The bytes that one request holds of a budget; released at the latest when nothing refers to it any more.
///
/// The first `free` bytes are not taken from the budget. Requests of a usual size are therefore served even while others
/// have spent it; these bytes are bounded by the number of connections.
final class ByteAllowance: Sendable {
    /// The allowance for the body of the request that this task answers.
    ///
    /// Without a ``BodyBudgetMiddleware`` it is nothing.
    @TaskLocal static var current = ByteAllowance(of: ByteBudget(limit: 0))

    private let budget: ByteBudget
    private let free: Int
    private let held = Mutex(0)

    init(of budget: ByteBudget, free: Int = 0) { (self.budget, self.free) = (budget, free) }

    deinit { release() }

    /// Holds so many bytes in all, fewer or more than before; false, and no change, if the budget does not have them.
    func hold(_ bytes: Int) -> Bool {
        held.withLock { held in
            let more = max(0, bytes - free) - max(0, held - free)
            if more > 0 {
                guard budget.take(more) else { return false }
            } else {
                budget.give(-more)
            }
            held = bytes
            return true
        }
    }

    /// Gives back all bytes.
    func release() { _ = hold(0) }
}

/// The budgets of a scorer's two listeners.
struct ByteBudgets: Sendable {
    /// Bodies of agents, before they are authenticated.
    var agents = ByteBudget(limit: 16 * 1024 * 1024)
    /// Bodies of Cloudflare, once it has shown its token.
    var cloudflare = ByteBudget(limit: 32 * 1024 * 1024)
    /// Bodies of operators, once they have shown their token.
    var operators = ByteBudget(limit: 32 * 1024 * 1024)
    /// Heads on each listener.
    var agentHeads = ByteBudget(limit: 8 * 1024 * 1024)
    var operatorHeads = ByteBudget(limit: 8 * 1024 * 1024)

    /// The bytes of a head, and of a body, that are not taken from a budget: several times what an agent or Cloudflare sends.
    static let freeHead = 8 * 1024
    static let freeBody = 16 * 1024
}

/// Takes the bodies of requests from a budget, until they are answered.
///
/// It belongs after the middleware that asks for a token, so that only callers with a token use the budget.
struct BodyBudgetMiddleware<Context: RequestContext>: RouterMiddleware {
    let budget: ByteBudget

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let allowance = ByteAllowance(of: budget, free: ByteBudgets.freeBody)
        defer { allowance.release() }
        return try await ByteAllowance.$current.withValue(allowance) { try await next(request, context) }
    }
}
