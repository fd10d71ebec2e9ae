namespace CocoonPool.Engine.Contract;

/// <summary>What the grains of the workload do wrong on purpose, to show that the audit sees it.</summary>
public enum Mistake
{
    None,

    /// <summary>Answers first and writes afterwards.</summary>
    AcknowledgeBeforePersisting,

    /// <summary>Does not recognise an operation that comes again.</summary>
    ForgetOperations,

    /// <summary>Goes on with what it has in memory although it could not be written.</summary>
    KeepStateAfterFailedWrite,

    /// <summary>Pays the other purse before it has written down that it will.</summary>
    SendBeforePersisting,
}
