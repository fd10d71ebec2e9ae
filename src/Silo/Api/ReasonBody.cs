namespace CocoonPool.Silo.Api;

/// <summary>The body of an operation that has to be explained.</summary>
public sealed record ReasonBody(string Reason)
{
    /// <exception cref="ApiException">There is no reason, or it is too long.</exception>
    public string Checked() => Reason is { Length: > 0 and <= 200 } ? Reason : throw ApiException.Invalid("reason is a short text, 1 to 200 characters, that says why.");
}
