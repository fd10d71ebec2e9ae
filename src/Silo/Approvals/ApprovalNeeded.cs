using CocoonPool.Silo.Api;

namespace CocoonPool.Silo.Approvals;

/// <summary>The answer of the doors that were for one person before: it says where two people go.</summary>
public static class ApprovalNeeded
{
    /// <param name="payload">What the payload of this kind looks like.</param>
    public static ApiException For(string kind, string payload) => new(
        409, "approval_required",
        $"This needs two people: one proposes it with POST /api/v1/approvals {{\"kind\":\"{kind}\",\"payload\":{payload},\"reason\":\"…\"}}, another one approves it, and it is carried out after the timelock.");
}
