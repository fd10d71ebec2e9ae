namespace CocoonPool.Architecture.Tests.Metadata;

internal enum UseKind
{
    /// <summary>A type in a signature, a local variable, or an instruction.</summary>
    Type,

    /// <summary>A member that is called, read or written, as <c>Namespace.Type.Member</c>.</summary>
    Member,

    /// <summary>An instruction, by its name.</summary>
    Instruction,
}

/// <summary>One thing that compiled code uses.</summary>
/// <param name="Owner">Full name of the type whose code it is; nested types follow after a plus sign.</param>
/// <param name="Member">The field or method of the owner.</param>
internal sealed record Use(string Owner, string Member, UseKind Kind, string What);
