namespace CocoonPool.Verifier;

/// <summary>The bytes are no bundle that could be recomputed. Never leaves this assembly: it becomes the report's one difference.</summary>
internal sealed class BundleRefusedException(string message) : Exception(message);
