using System.Diagnostics.CodeAnalysis;

namespace CocoonPool.Engine.Local;

/// <summary>The base of failures that the engine itself reports. It keeps the name it has in Orleans.</summary>
public class OrleansException : Exception
{
    public OrleansException()
        : base("Unexpected error.")
    {
    }

    public OrleansException(string message)
        : base(message)
    {
    }

    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A write met a record that is not the one it had read. If it leaves the grain that wrote, that activation ends.</summary>
public class InconsistentStateException : OrleansException
{
    public InconsistentStateException()
    {
    }

    public InconsistentStateException(string message)
        : base(message)
    {
    }

    public InconsistentStateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Only the activation whose write failed ends, not its callers that see the same exception.</summary>
    internal bool IsSourceActivation { get; set; } = true;
}

/// <summary>A reminder could not be changed.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the engine throws it.")]
public sealed class ReminderException(string message) : OrleansException(message);

/// <summary>The grain no longer knows an enumeration: it was deactivated, or nobody asked for the next element for too long.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the engine throws it.")]
public sealed class EnumerationAbortedException(string message) : Exception(message);

/// <summary>The observer was deleted or collected.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the engine throws it.")]
public sealed class ClientNotAvailableException(string message) : OrleansException(message);

/// <summary>The engine is stopping and makes no new activations.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the engine throws it.")]
public sealed class SiloUnavailableException(string message) : OrleansException(message);
